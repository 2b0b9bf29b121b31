import type { MasterKind } from '@deungdae/contracts/master.ts';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/client.generated.ts';
import { ApiFailure } from '../api/http.ts';
import { catalogueQuery, usePlantIndex } from '../api/queries.ts';
import { findText } from '../i18n/hangul.ts';
import { useLanguage } from '../i18n/i18n.ts';
import { type Choice, type ChoiceSource, choiceLimit } from './choice-source.ts';
import { plantText } from './text.ts';

/** Choices that are all here already. */
export function fixedSource(key: readonly unknown[], choices: readonly Choice[]): ChoiceSource {
  return {
    key: [...key, choices.length],
    find: async (words) => {
      const each = words.split(/\s+/).filter(Boolean);
      const hit = (c: Choice) =>
        each.every((word) => findText(c.name, word) >= 0 || findText(c.code ?? c.value, word) >= 0);
      return choices.filter(hit).slice(0, choiceLimit);
    },
    named: async (values) => choices.filter((c) => values.includes(c.value)),
  };
}

/** Records that a filter keeps are found among so many. */
const filteredLimit = 1000;

/**
 * Records of the master data, the newest revision of each that is in use. `only` picks among them by their data; `name` of
 * it goes into the cache's key. Items are found by the GTIN of a label, too.
 */
export function useMasterSource(
  kind: MasterKind,
  only?: { name: string; keep: (data: Record<string, unknown>) => boolean },
): ChoiceSource {
  const language = useLanguage();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a filter of one name does not change
  return useMemo(() => {
    const choiceOf = (code: string, data: Record<string, unknown>): Choice => ({
      value: code,
      name: (data.names as Record<string, string> | undefined)?.[language] ?? String(data.name ?? data.item ?? code),
    });
    return {
      key: ['master', kind, only?.name ?? '', language],
      find: async (words, signal) => {
        const limit = only ? filteredLimit : choiceLimit * 2;
        const { records } = await api.masterRecords(
          { kind },
          { limit, ...(words ? { search: words } : {}) },
          signal ? { signal } : {},
        );
        const byCode = new Map<string, Choice>();
        for (const { code, active, data } of records)
          if (active && (only?.keep(data) ?? true)) byCode.set(code, choiceOf(code, data));
        return [...byCode.values()].slice(0, choiceLimit);
      },
      named: (values, signal) =>
        known(values, async (code) => {
          const { revisions } = await api.masterRecord({ kind, code }, signal ? { signal } : {});
          return revisions[0] ? choiceOf(code, revisions[0].data) : null;
        }),
      ...(kind === 'item'
        ? {
            scanned: async (label: string) => {
              const { item, lot } = await scan(label);
              if (item) return { value: item.code, name: item.name };
              return lot ? { value: lot.item, name: lot.item } : null;
            },
          }
        : {}),
    };
  }, [kind, only?.name, language]);
}

export const useDefectSource = () =>
  useMasterSource('reason', { name: 'defect', keep: (data) => data.tree === 'defect' });
export const useGaugeSource = () => useMasterSource('tool', { name: 'gauge', keep: (data) => data.kind === 'gauge' });

/** Lots and boxes by number, item or label. The value is the printed number. */
export function useLotSource(item: string | null = null): ChoiceSource {
  return useMemo(
    () => ({
      key: ['lots', item ?? ''],
      find: async (words, signal) => {
        const query = { limit: choiceLimit, ...(words ? { search: words } : {}), ...(item ? { item } : {}) };
        const lots = await api.lots(query, signal ? { signal } : {});
        return lots.map((lot) => ({ value: lot.number, name: lot.item, code: lot.number }));
      },
      named: async (values) => values.map((value) => ({ value, name: value })),
      scanned: async (label) => {
        const { lot } = await scan(label);
        return lot ? { value: lot.number, name: lot.item } : null;
      },
    }),
    [item],
  );
}

export function useMachineSource(): ChoiceSource {
  const language = useLanguage();
  const plant = usePlantIndex();
  return useMemo(() => {
    const machines = plant.nodes.filter((node) => node.level === 'equipment');
    return fixedSource(
      ['machines', language],
      machines.map(({ path }) => ({ value: path, name: plant.name(path), code: path.split('/').at(-1) ?? path })),
    );
  }, [plant, language]);
}

/** Reasons of stops, from the plant file. */
export function useStopReasonSource(): ChoiceSource {
  const language = useLanguage();
  const plant = usePlantIndex();
  return useMemo(
    () =>
      fixedSource(
        ['stop reasons', language],
        plant.reasons.map(({ id }) => ({ value: id, name: plant.reasonName(id) ?? id })),
      ),
    [plant, language],
  );
}

/** Signals of the plant; `numbers` leaves texts out. Found by the server: there can be a hundred thousand. */
export function useSignalSource({ numbers = false }: { numbers?: boolean } = {}): ChoiceSource {
  const language = useLanguage();
  const plant = usePlantIndex();
  const client = useQueryClient();
  return useMemo(() => {
    const choiceOf = (s: { path: string; name: unknown }): Choice => ({
      value: s.path,
      name: `${plant.name(s.path.split('/').slice(0, -1).join('/'))} · ${plantText(s.name, language)}`,
    });
    const all = async () => (await client.fetchQuery(catalogueQuery)).filter((s) => !numbers || s.kind === 'number');
    return {
      key: ['signals', numbers, language],
      find: async (words) => fixedSource([], (await all()).map(choiceOf)).find(words),
      named: async (values) => (await all()).filter((s) => values.includes(s.path)).map(choiceOf),
      scanned: async (path) => {
        const found = await api.signals({ search: path.slice(0, 100), limit: 2 });
        return found.length === 1 ? choiceOf(found[0]!) : null;
      },
    };
  }, [numbers, language, plant, client]);
}

/** Machines and tools (moulds, gauges …) that are looked after, as `machine/<path>` and `tool/<code>`. */
export function useSubjectSource(): ChoiceSource {
  const language = useLanguage();
  const plant = usePlantIndex();
  const tools = useQuery({
    queryKey: ['maintenance', 'tools'],
    queryFn: ({ signal }) => api.toolCards({}, { signal }),
    staleTime: 60_000,
  });
  return useMemo(() => {
    const machines = plant.nodes.filter((node) => node.level === 'equipment');
    return fixedSource(
      ['subjects', language],
      [
        ...machines.map(({ path }) => ({
          ...{ value: `machine/${path}`, name: plant.name(path), code: path.split('/').at(-1) ?? path },
        })),
        ...(tools.data ?? []).map((card) => ({ value: `tool/${card.tool}`, name: card.name, code: card.tool })),
      ],
    );
  }, [plant, tools.data, language]);
}

/** What a label is; nothing of ours is no failure here. */
async function scan(code: string) {
  try {
    return await api.scan({ code });
  } catch (error) {
    if (error instanceof ApiFailure && error.status >= 400 && error.status < 500) return { item: null, lot: null };
    throw error;
  }
}

async function known(values: readonly string[], ask: (value: string) => Promise<Choice | null>): Promise<Choice[]> {
  const asked = values.slice(0, choiceLimit).map(async (value) => {
    try {
      return await ask(value);
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404) return null;
      throw error;
    }
  });
  return (await Promise.all(asked)).filter((c) => c !== null);
}

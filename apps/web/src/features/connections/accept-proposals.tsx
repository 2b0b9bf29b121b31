import type { RouteOutput } from '@deungdae/contracts/api.ts';
import { Button, Checkbox, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { findText } from '../../i18n/hangul.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { ErrorBox } from '../../ui/messages.tsx';
import { countChoices, countsOf, idFrom, obviousState, placesOf, stateChoices } from './new-machine.ts';
import type { Source } from './source.ts';
import { emptyTarget, type Target, TargetPicker } from './target-picker.tsx';

type Proposal = RouteOutput<'discover'>['proposals'][number];
const shownAtMost = 400;

/** What the device offers: pick, choose the machine, and the plant file gets the bindings. */
export function AcceptProposals({
  source,
  proposals,
  truncated,
}: {
  source: Source;
  proposals: readonly Proposal[];
  truncated: boolean;
}) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const client = useQueryClient();
  const [query, setQuery] = useState('');
  const [picked, setPicked] = useState<ReadonlySet<number>>(new Set());
  const [names, setNames] = useState<ReadonlyMap<number, string>>(new Map());
  const [given, setTarget] = useState<Target>(emptyTarget);
  const empty = !plant.nodes.some((n) => n.level === 'equipment');
  const target: Target = empty ? { ...given, kind: 'new' } : given;
  const chosen = useMemo(
    () =>
      proposals.flatMap((proposal, index) =>
        picked.has(index) ? [{ ...proposal, name: names.get(index)?.trim() || proposal.name }] : [],
      ),
    [proposals, picked, names],
  );
  const site = plant.nodes.find((n) => n.level === 'site')?.path ?? '';
  const paths = useMemo(() => new Set(plant.nodes.map((n) => n.path)), [plant.nodes]);
  const places = target.kind === 'new' ? placesOf(target.draft, paths, site) : [];
  const equipment = target.kind === 'new' ? (places?.at(-1)?.path ?? null) : target.equipment;
  const states = useMemo(() => stateChoices(chosen), [chosen]);
  const state = states.some((s) => s.key === target.state)
    ? target.state!
    : target.state === ''
      ? ''
      : (obviousState(states)?.key ?? '');
  const counts = useMemo(() => countChoices(chosen), [chosen]);
  const shown = useMemo(() => {
    const words = query.trim().split(/\s+/).filter(Boolean);
    return proposals
      .map((proposal, index) => ({ proposal, index }))
      .filter(({ proposal }) =>
        words.every((w) => findText(`${proposal.devicePath.join('/')} ${proposal.name}`, w) >= 0),
      );
  }, [proposals, query]);
  const accept = useMutation({
    mutationFn: async () => {
      const { revision } = await api.plantFile();
      const rule = states.find((s) => s.key === state)?.state;
      const machine = places?.at(-1);
      const all = [...(places ?? [])];
      if (machine)
        all[all.length - 1] = { ...machine, ...(rule ? { state: rule } : {}), ...countsOf(target.count, counts) };
      const { added } = await api.addBindings({
        ...(await connectionOf(source)),
        equipment: equipment ?? '',
        places: all,
        proposals: chosen,
        revision,
      });
      // Kept: once the plant has the machine, the same answers would name a second one.
      return { added, equipment: equipment ?? '' };
    },
    onSuccess: async () => {
      await client.invalidateQueries();
    },
  });
  const all = shown.length > 0 && shown.every(({ index }) => picked.has(index));
  const toggleAll = () =>
    setPicked((before) => {
      const next = new Set(before);
      for (const { index } of shown) all ? next.delete(index) : next.add(index);
      return next;
    });
  const toggle = (index: number) =>
    setPicked((before) => {
      const next = new Set(before);
      if (!next.delete(index)) next.add(index);
      return next;
    });
  if (accept.data)
    return (
      <div className="panel-body stack" role="status">
        <strong>{t('connections.added', { n: accept.data.added })}</strong>
        <p className="muted">{t('connections.addedText')}</p>
        <div className="row">
          <Button component={Link} to="/machine/$" params={{ _splat: accept.data.equipment } as never}>
            {t('connections.toMachine')}
          </Button>
          <Button variant="default" component={Link} to="/plant">
            {t('nav.plant')}
          </Button>
        </div>
      </div>
    );
  return (
    <div className="panel-body stack">
      {truncated ? <p className="small muted">{t('connections.truncated', { n: proposals.length })}</p> : null}
      <TextInput
        placeholder={t('trends.findSignals')}
        aria-label={t('trends.findSignals')}
        value={query}
        onChange={(e) => setQuery(e.currentTarget.value)}
      />
      <div className="proposal-list">
        <table className="grid">
          <thead>
            <tr>
              <th>
                <Checkbox
                  size="sm"
                  checked={all}
                  indeterminate={!all && picked.size > 0}
                  onChange={toggleAll}
                  aria-label={t('connections.pickAll')}
                />
              </th>
              <th>{t('field.signal')}</th>
              <th>{t('connections.kind')}</th>
              <th className="num">{t('field.value')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, shownAtMost).map(({ proposal, index }) => (
              <tr key={proposal.devicePath.join('/') + proposal.id} className={picked.has(index) ? 'on' : ''}>
                <td>
                  <Checkbox
                    size="sm"
                    checked={picked.has(index)}
                    onChange={() => toggle(index)}
                    aria-label={t('machine.pickSignal', { name: proposal.name })}
                  />
                </td>
                <td>
                  {picked.has(index) ? (
                    <TextInput
                      size="xs"
                      maxLength={80}
                      aria-label={t('connections.rename', { name: proposal.name })}
                      value={names.get(index) ?? proposal.name}
                      onChange={(e) => {
                        const { value } = e.currentTarget;
                        setNames((before) => new Map(before).set(index, value));
                      }}
                    />
                  ) : (
                    <strong>{proposal.name}</strong>
                  )}
                  <p className="small muted">{proposal.devicePath.join(' › ')}</p>
                </td>
                <td className="small">{t(`kind.${proposal.kind}`)}</td>
                <td className="num">
                  {shownValue(proposal, f.number)}
                  <span className="unit">{unitText(proposal.unit)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {accept.error ? <ErrorBox error={accept.error} /> : null}
      <TargetPicker
        target={target}
        change={setTarget}
        states={states}
        state={state}
        counts={counts}
        path={target.kind === 'new' ? equipment : null}
      />
      <div className="row wrap">
        <Button onClick={() => accept.mutate()} loading={accept.isPending} disabled={picked.size === 0 || !equipment}>
          {t('connections.accept', { n: picked.size })}
        </Button>
        <span className="small muted">
          {picked.size === 0 ? t('connections.pickFirst') : equipment ? '' : t('connections.chooseMachine')}
        </span>
      </div>
    </div>
  );
}

/** A number as people read one; anything else as the device says it. */
function shownValue({ kind, value }: Proposal, number: (value: number) => string): string {
  if (value === null) return '';
  const n = Number(value);
  return (kind === 'number' || kind === 'integer') && value.trim() !== '' && Number.isFinite(n) ? number(n) : value;
}

/** The connection's id, and its settings when the plant file does not have it yet. */
async function connectionOf(source: Source) {
  if (source.kind === 'existing') return { connection: source.id };
  const taken = new Set((await api.connections()).map((c) => c.id));
  const host = Object.values(source.config).find((v): v is string => typeof v === 'string') ?? '';
  const wish = source.name.trim() || `${source.type}-${host.replace(/^[\w.]+:\/\//, '')}`;
  const { name, type, config } = source;
  return { connection: idFrom(wish, taken, 'connection'), newConnection: { name: name.trim(), type, config } };
}

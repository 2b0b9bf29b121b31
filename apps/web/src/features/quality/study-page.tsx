import type { MeasurementStudy } from '@deungdae/contracts/quality.ts';
import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconArrowLeft, IconPrinter } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { ApprovalBox } from '../../ui/approval-box.tsx';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useGaugeSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { qualityKey } from './common.tsx';
import { StudyFromFile } from './study-from-file.tsx';
import { StudyReport } from './study-report.tsx';
import { typedNumber } from './typed-number.ts';

const kinds = ['gageAnova', 'gageRange', 'attribute'] as const;
type Design = Pick<MeasurementStudy, 'kind' | 'name' | 'gauge' | 'unit' | 'trials' | 'lower' | 'upper'> & {
  parts: string;
  operators: string;
};

/** A study: its design, the values as they are measured, then the report. */
export function StudyPage({ id, open }: { id: string; open: (id: string | undefined) => void }) {
  const t = useText();
  const fresh = id === 'new';
  const { data, error, refetch } = useQuery({
    queryKey: [qualityKey, 'study', id],
    queryFn: ({ signal }) => api.study({ id }, { signal }),
    enabled: !fresh,
  });
  return (
    <div className="stack">
      <div className="row wrap no-print">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={() => open(undefined)}>
          {t('quality.toList')}
        </Button>
        {data?.result && !fresh ? (
          <Button variant="subtle" color="gray" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
            {t('quality.print')}
          </Button>
        ) : null}
      </div>
      {error ? <ErrorBox error={error} retry={() => void refetch()} /> : null}
      {fresh ? <NewStudy open={open} /> : null}
      {!fresh && !data && !error ? <LoadingRows /> : null}
      {!fresh && data && !data.result ? <StudyEntry key={data.id} study={data} /> : null}
      {!fresh && data?.result ? (
        <>
          <ApprovalBox />
          <StudyReport study={data} />
        </>
      ) : null}
    </div>
  );
}

function NewStudy({ open }: { open: (id: string) => void }) {
  const t = useText();
  const [design, setDesign] = useState<Design>({
    ...{ kind: 'gageAnova', name: '', gauge: null, unit: 'mm', trials: 3, lower: null, upper: null },
    ...{ parts: '10', operators: 'A, B, C' },
  });
  const gauges = useGaugeSource();
  const set = (next: Partial<Design>) => setDesign((before) => ({ ...before, ...next }));
  const operators = namesIn(design.operators);
  const parts = partsOf(design.parts);
  const fits = operators.length >= 1 && operators.length <= 10 && parts.length >= 2 && parts.length <= 50;
  const make = useMutation({
    mutationFn: () => {
      const { parts: _parts, operators: _text, ...rest } = design;
      const values = parts.map(() => operators.map(() => Array<number | null>(design.trials).fill(null)));
      return api.saveStudy({ ...rest, name: design.name.trim(), parts, operators, values });
    },
    onSuccess: (study) => open(study.number),
  });
  const number = (v: number | string) => (v === '' ? null : Number(v));
  return (
    <form
      className="panel"
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <div className="panel-head">
        <h2>{t('quality.newStudy')}</h2>
      </div>
      <div className="panel-body study-design">
        <Select
          label={t('quality.kind')}
          allowDeselect={false}
          value={design.kind}
          onChange={(v) => set({ kind: kinds.find((k) => k === v) ?? 'gageAnova' })}
          data={kinds.map((value) => ({ value, label: t(`quality.studyKind.${value}`) }))}
        />
        <TextInput
          label={t('quality.studyName')}
          required
          value={design.name}
          onChange={(e) => set({ name: e.currentTarget.value })}
        />
        <Picker label={t('quality.gauge')} source={gauges} value={design.gauge} onChange={(gauge) => set({ gauge })} />
        <TextInput
          label={t('quality.parts')}
          description={t('quality.partsHint')}
          inputWrapperOrder={hintBelow}
          value={design.parts}
          onChange={(e) => set({ parts: e.currentTarget.value })}
        />
        <TextInput
          label={t('quality.operators')}
          description={t('quality.operatorsHint')}
          inputWrapperOrder={hintBelow}
          value={design.operators}
          onChange={(e) => set({ operators: e.currentTarget.value })}
        />
        <NumberInput
          label={t('quality.trials')}
          min={2}
          max={10}
          value={design.trials}
          onChange={(v) => set({ trials: Number(v) || 3 })}
        />
        {design.kind === 'attribute' ? null : (
          <>
            <NumberInput label="LSL" value={design.lower ?? ''} onChange={(v) => set({ lower: number(v) })} />
            <NumberInput label="USL" value={design.upper ?? ''} onChange={(v) => set({ upper: number(v) })} />
          </>
        )}
      </div>
      {make.error ? <ErrorBox error={make.error} /> : null}
      <div className="panel-body">
        <Button type="submit" loading={make.isPending} disabled={design.name.trim() === '' || !fits}>
          {t('quality.toValues')}
        </Button>
      </div>
    </form>
  );
}

/** A hint above one field only would push it out of line with its neighbours. */
const hintBelow: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

const namesIn = (text: string) => [
  ...new Set(
    text
      .split(/[,\n]/)
      .map((name) => name.trim())
      .filter(Boolean),
  ),
];

/** Names as given; a mere number means that many parts, numbered. */
function partsOf(text: string): string[] {
  const names = namesIn(text);
  const count = names.length === 1 ? Number(names[0]) : Number.NaN;
  return Number.isInteger(count) && count > 1 && count <= 50
    ? Array.from({ length: count }, (_, i) => String(i + 1))
    : names;
}

/** The sheet of values: Enter goes on, as a gauge that types does. Kept as often as one likes; evaluated when full. */
function StudyEntry({ study }: { study: MeasurementStudy }) {
  const t = useText();
  const client = useQueryClient();
  const table = useRef<HTMLTableElement>(null);
  const [cells, setCells] = useState(() =>
    study.values.map((part) => part.map((cell) => cell.map((v) => (v === null ? '' : String(v))))),
  );
  const [reference, setReference] = useState<string[]>(() =>
    study.parts.map((_, i) => (study.reference ? String(study.reference[i]) : '')),
  );
  const attribute = study.kind === 'attribute';
  const numbers = cells.map((part) =>
    part.map((cell) =>
      cell.map((v) => {
        const n = typedNumber(v);
        return Number.isFinite(n) ? n : null;
      }),
    ),
  );
  const trialNames = Array.from({ length: study.trials }, (_, k) => String(k + 1));
  const empty = numbers.flat(2).filter((v) => v === null).length;
  const known = reference.map(typedNumber);
  const save = useMutation({
    mutationFn: () => {
      const { id, kind, name, gauge, item, characteristic, unit, parts, operators, trials, lower, upper, alpha, pool } =
        study;
      const truth = attribute && known.every((v) => v === 0 || v === 1) ? (known as (0 | 1)[]) : null;
      return api.saveStudy({
        ...{ id, kind, name, gauge, item, characteristic, unit, parts, operators, trials, lower, upper, alpha, pool },
        values: numbers,
        reference: truth,
      });
    },
    onSuccess: (next) => {
      client.setQueryData([qualityKey, 'study', study.number], next);
      return client.invalidateQueries({ queryKey: [qualityKey, 'studies'] });
    },
  });
  const advance = (from: HTMLElement) => {
    const fields = [...(table.current?.querySelectorAll<HTMLElement>('input') ?? [])];
    fields[fields.indexOf(from) + 1]?.focus();
  };
  const field = (value: string, label: string, change: (text: string) => void) => (
    <input
      aria-label={label}
      inputMode="decimal"
      value={value}
      onChange={(e) => change(e.currentTarget.value)}
      onKeyDown={(e) => {
        if (e.key !== 'Enter') return;
        e.preventDefault();
        advance(e.currentTarget);
      }}
    />
  );
  return (
    <section className="panel" aria-label={study.name}>
      <div className="panel-head">
        <h2>{study.name}</h2>
        <span className="muted small">
          {study.number} · {t(`quality.studyKind.${study.kind}`)}
        </span>
        <span className="push row">
          <span className="muted small">{t('quality.emptyCells', { n: empty })}</span>
          <Button loading={save.isPending} onClick={() => save.mutate()}>
            {empty === 0 ? t('quality.evaluate') : t('quality.saveValues')}
          </Button>
        </span>
      </div>
      <p className="panel-body muted small">{t(attribute ? 'quality.attributeHint' : 'quality.studyHint')}</p>
      <StudyFromFile
        study={study}
        fill={({ values, reference: known }) => {
          setCells(values!.map((part) => part.map((cell) => cell.map(String))));
          if (known) setReference(known.map(String));
        }}
      />
      {save.error ? <ErrorBox error={save.error} /> : null}
      <div className="table-scroll">
        <table className="grid study-table" ref={table}>
          <thead>
            <tr>
              <th>{t('quality.part')}</th>
              {attribute ? <th>{t('quality.reference')}</th> : null}
              {study.operators.flatMap((o) =>
                trialNames.map((trial) => (
                  <th key={`${o}${trial}`}>
                    {o} {trial}
                  </th>
                )),
              )}
            </tr>
          </thead>
          <tbody>
            {study.parts.map((part, p) => (
              <tr key={part}>
                <td>{part}</td>
                {attribute ? (
                  <td>
                    {field(reference[p]!, `${part} ${t('quality.reference')}`, (text) =>
                      setReference((before) => before.map((v, i) => (i === p ? text : v))),
                    )}
                  </td>
                ) : null}
                {cells[p]!.flatMap((cell, o) =>
                  trialNames.map((trial, k) => (
                    <td key={`${study.operators[o]}${trial}`}>
                      {field(cell[k]!, `${part} ${study.operators[o]} ${trial}`, (text) =>
                        setCells((before) =>
                          before.map((row, i) =>
                            i !== p ? row : row.map((c, j) => (j !== o ? c : c.map((v, m) => (m === k ? text : v)))),
                          ),
                        ),
                      )}
                    </td>
                  )),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

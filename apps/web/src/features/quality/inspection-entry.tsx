import type { Inspection } from '@deungdae/contracts/inspection.ts';
import { Button, NumberInput, TextInput } from '@mantine/core';
import { IconAccessPoint, IconArrowLeft, IconPrinter } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { ApiFailure } from '../../api/http.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { ApprovalBox } from '../../ui/approval-box.tsx';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { Pictures, qualityKey, Verdict } from './common.tsx';
import { type Cells, cellKey, countsOf, emptyCells, missingOf, resultsOf } from './entry-cells.ts';
import { RecentChart } from './recent-chart.tsx';
import { ToleranceBar } from './tolerance-bar.tsx';
import { typedNumber } from './typed-number.ts';

type Characteristic = Inspection['characteristics'][number];

/** One inspection: values by hand, by a gauge that types (each Enter goes to the next field), or by signal. */
export function InspectionEntry({ id, open }: { id: string; open: (id: string | undefined) => void }) {
  const t = useText();
  const { data, error, refetch } = useQuery({
    queryKey: [qualityKey, 'inspection', id],
    queryFn: ({ signal }) => api.inspection({ id }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (!data) return <LoadingRows />;
  return (
    <div className="stack">
      <div className="row wrap no-print">
        <Button variant="subtle" leftSection={<IconArrowLeft size={16} />} onClick={() => open(undefined)}>
          {t('quality.toList')}
        </Button>
        <Button variant="subtle" color="gray" leftSection={<IconPrinter size={16} />} onClick={() => window.print()}>
          {t('quality.print')}
        </Button>
      </div>
      <ApprovalBox />
      <Head inspection={data} />
      {data.status === 'done' || data.status === 'skipped' ? (
        <Report inspection={data} />
      ) : (
        <EntryForm key={data.id} inspection={data} />
      )}
    </div>
  );
}

function Head({ inspection: i }: { inspection: Inspection }) {
  const t = useText();
  const f = useFormats();
  const plant = usePlantIndex();
  const facts: [string, string | null][] = [
    [t('quality.item'), i.item],
    [t('quality.lot'), i.lotNumber],
    [t('quality.workOrder'), i.workOrder],
    [t('quality.machine'), i.machine ? plant.name(i.machine) : null],
    [t('quality.supplier'), i.supplier],
    [t('quality.lotSize'), i.lotSize === null ? null : f.number(i.lotSize)],
    [
      t('quality.sample'),
      `n ${i.sampleSize}${i.acceptance === null ? '' : ` · Ac ${i.acceptance} · Re ${i.acceptance + 1}`}${i.codeLetter ? ` · ${i.codeLetter}` : ''}`,
    ],
    [t('quality.severity'), i.severity ? t(`quality.severity.${i.severity}`) : null],
    [t('quality.inspector'), i.inspector],
    [t('quality.doneAt'), i.doneAt === null ? null : f.dateTime(i.doneAt / 1000)],
  ];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>
          {t(`quality.stage.${i.stage}`)} · {i.planName}
        </h2>
        <span className="muted">{i.number}</span>
        <span className="push big-verdict">
          <Verdict inspection={i} />
        </span>
      </div>
      <dl className="facts">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
    </section>
  );
}

function EntryForm({ inspection }: { inspection: Inspection }) {
  const t = useText();
  const client = useQueryClient();
  const { operate } = useAbilities();
  const form = useRef<HTMLFormElement>(null);
  const [cells, setCells] = useState<Cells>(() => emptyCells(inspection));
  const [note, setNote] = useState(inspection.note);
  const keep = (next: Inspection) => {
    client.setQueryData([qualityKey, 'inspection', inspection.number], next);
    return client.invalidateQueries({ queryKey: [qualityKey] });
  };
  const send = useMutation({
    mutationFn: (how: { finish: boolean; confirmed?: boolean }) =>
      api.recordInspection({ id: inspection.id }, { results: resultsOf(inspection, cells), note, ...how }),
    onSuccess: keep,
  });
  const bySignal = useMutation({
    mutationFn: () => api.measureBySignal({ id: inspection.id }, {}),
    onSuccess: (next) => {
      setCells(emptyCells(next));
      return keep(next);
    },
  });
  const missing = missingOf(inspection, cells);
  const unlikely = send.error instanceof ApiFailure && send.error.code === 'quality.unlikelyValue';
  /** Gauges end a value with Enter: on to the next empty field, and from the last one to the verdict. */
  const advance = (from: HTMLElement) => {
    const fields = [...(form.current?.querySelectorAll<HTMLElement>('[data-cell]') ?? [])];
    const next = fields.slice(fields.indexOf(from) + 1)[0];
    (next ?? form.current?.querySelector<HTMLElement>('[data-finish]'))?.focus();
  };
  return (
    <form
      ref={form}
      className="panel entry"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === 0) send.mutate({ finish: true });
      }}
    >
      {inspection.characteristics.map((c) => (
        <CharacteristicEntry
          key={c.id}
          inspection={inspection}
          characteristic={c}
          cells={cells}
          change={(next) => setCells((before) => ({ ...before, ...next }))}
          advance={advance}
        />
      ))}
      <div className="entry-foot">
        <TextInput
          className="grow"
          placeholder={t('quality.note')}
          aria-label={t('quality.note')}
          value={note}
          onChange={(e) => setNote(e.currentTarget.value)}
        />
        {inspection.characteristics.some((c) => c.signal) ? (
          <Button
            size="lg"
            variant="default"
            leftSection={<IconAccessPoint size={18} />}
            loading={bySignal.isPending}
            onClick={() => bySignal.mutate()}
          >
            {t('quality.bySignal')}
          </Button>
        ) : null}
        <Button
          size="lg"
          variant="default"
          loading={send.isPending}
          disabled={!operate}
          onClick={() => send.mutate({ finish: false })}
        >
          {t('quality.saveValues')}
        </Button>
        <Button data-finish size="lg" type="submit" loading={send.isPending} disabled={!operate || missing > 0}>
          {missing > 0 ? t('quality.missing', { n: missing }) : t('quality.finish')}
        </Button>
      </div>
      {send.error ? <ErrorBox error={send.error} /> : null}
      {bySignal.error ? <ErrorBox error={bySignal.error} /> : null}
      {unlikely ? (
        <div className="entry-foot">
          <Button
            size="lg"
            color="red"
            variant="light"
            onClick={() => send.mutate({ finish: missing === 0, confirmed: true })}
          >
            {t('quality.recordAnyway')}
          </Button>
        </div>
      ) : null}
    </form>
  );
}

interface EntryProps {
  inspection: Inspection;
  characteristic: Characteristic;
  cells: Cells;
  change: (next: Cells) => void;
  advance: (from: HTMLElement) => void;
}

/** Values of a characteristic one by one, or counted where there are many pieces to judge. */
function CharacteristicEntry({ inspection, characteristic: c, cells, change, advance }: EntryProps) {
  const t = useText();
  const f = useFormats();
  const unit = c.unit ? unitText(c.unit) : '';
  const limits = [c.lower, c.upper].map((v) => (v === undefined ? '' : f.number(v)));
  const samples = sampleNumbers(c.required);
  return (
    <fieldset className="characteristic">
      <legend>
        {c.critical ? <span title={t('quality.critical')}>◎ </span> : null}
        {c.name}
        {c.kind === 'variable' ? (
          <span className="muted">
            {' '}
            {limits.join(' – ')} {unit}
          </span>
        ) : null}
        {c.method ? <span className="muted small"> · {c.method}</span> : null}
        {c.gauge ? <span className="muted small"> · {c.gauge}</span> : null}
      </legend>
      {c.kind === 'variable' ? (
        <>
          <div className="values">
            {samples.map((n) => {
              const key = cellKey(c.id, n);
              const value = typedNumber(cells[key] ?? '');
              const known = Number.isFinite(value);
              const out =
                known && ((c.lower !== undefined && value < c.lower) || (c.upper !== undefined && value > c.upper));
              return (
                <label key={key} className={`value-cell${out ? ' out' : ''}`}>
                  <span>
                    {n}
                    {out ? ` · ${t('quality.out')}` : ''}
                  </span>
                  <input
                    data-cell
                    inputMode="decimal"
                    autoComplete="off"
                    value={cells[key] ?? ''}
                    onChange={(e) => change({ [key]: e.currentTarget.value })}
                    onKeyDown={(e) => {
                      if (e.key !== 'Enter') return;
                      e.preventDefault();
                      advance(e.currentTarget);
                    }}
                  />
                  <ToleranceBar limits={c} value={known ? value : null} />
                </label>
              );
            })}
          </div>
          <RecentChart plan={inspection.plan} characteristic={c.id} lower={c.lower} upper={c.upper} />
        </>
      ) : (
        <JudgedEntry characteristic={c} cells={cells} change={change} />
      )}
      <LimitSampleHint item={inspection.item} characteristic={c} />
    </fieldset>
  );
}

/** Sample numbers 1 … n that are entered one by one; measured characteristics ask for at most 500. */
function sampleNumbers(required: number): number[] {
  return Array.from({ length: Math.min(500, required) }, (_, i) => i + 1);
}

function JudgedEntry({ characteristic: c, cells, change }: Pick<EntryProps, 'characteristic' | 'cells' | 'change'>) {
  const t = useText();
  const { fail, judged } = countsOf(c, cells);
  const set = (bad: number) => change({ [cellKey(c.id, 0)]: String(Math.max(0, Math.min(c.required, bad))) });
  return (
    <div className="judged">
      <Button size="lg" variant={judged && fail === 0 ? 'filled' : 'default'} onClick={() => set(0)}>
        {t('quality.allGood', { n: c.required })}
      </Button>
      <NumberInput
        size="lg"
        w={170}
        label={t('quality.failed')}
        min={0}
        max={c.required}
        value={judged ? fail : ''}
        onChange={(value) => (value === '' ? change({ [cellKey(c.id, 0)]: '' }) : set(Number(value)))}
      />
    </div>
  );
}

function LimitSampleHint({ item, characteristic }: { item: string; characteristic: Characteristic }) {
  const t = useText();
  const { data } = useQuery({
    queryKey: [qualityKey, 'limitSamples', item],
    queryFn: ({ signal }) => api.limitSamples({ item, limit: 50 }, { signal }),
    enabled: characteristic.kind === 'attribute',
  });
  const found = (data ?? []).filter((s) => s.pictures.length > 0);
  if (characteristic.kind !== 'attribute' || found.length === 0) return null;
  return (
    <details className="limit-hint">
      <summary>{t('quality.tab.samples')}</summary>
      {found.map((s) => (
        <div key={s.id}>
          <strong>{t(`quality.side.${s.side}`)}</strong> {s.name}
          <Pictures ids={s.pictures} alt={s.name} />
        </div>
      ))}
    </details>
  );
}

function Report({ inspection: i }: { inspection: Inspection }) {
  const t = useText();
  const f = useFormats();
  return (
    <section className="panel">
      <div className="table-scroll">
        <table className="grid">
          <thead>
            <tr>
              <th>{t('quality.characteristic')}</th>
              <th className="num">{t('quality.limits')}</th>
              <th>{t('quality.values')}</th>
              <th>{t('quality.verdictName')}</th>
            </tr>
          </thead>
          <tbody>
            {i.characteristics.map((c) => {
              const results = i.results.filter((r) => r.characteristic === c.id);
              const failed = results.filter((r) => !r.pass).reduce((n, r) => n + (r.count ?? 1), 0);
              const digits = decimalsOf([c.lower, c.upper, ...results.map((r) => r.value)]);
              const limits = [c.lower, c.upper].map((v) => (v === undefined ? '' : f.number(v, digits))).join(' – ');
              return (
                <tr key={c.id}>
                  <td>
                    {c.critical ? '◎ ' : ''}
                    {c.name}
                  </td>
                  <td className="num nowrap">{c.kind === 'variable' ? `${limits} ${unitText(c.unit)}` : ''}</td>
                  <td>
                    {c.kind === 'variable'
                      ? results.map((r) => (
                          <span key={r.sample} className={r.pass ? 'measured' : 'measured bad'}>
                            {f.number(r.value, digits)}
                          </span>
                        ))
                      : t('quality.judgedOf', { fail: failed, n: c.required })}
                  </td>
                  <td>{failed === 0 ? t('quality.pass') : <strong className="bad">{t('quality.fail')}</strong>}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {i.note ? <p className="panel-body">{i.note}</p> : null}
    </section>
  );
}

/** As many decimals as the finest of them has, four at most: values of one characteristic stand under each other alike. */
function decimalsOf(values: readonly (number | null | undefined)[]): number {
  return Math.max(0, ...values.map((v) => Math.min(4, (String(v ?? '').split('.')[1] ?? '').length)));
}

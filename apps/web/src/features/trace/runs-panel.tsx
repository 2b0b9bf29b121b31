import type { TraceRun } from '@deungdae/contracts/api-trace.ts';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { Coded, useNames } from '../../ui/names.tsx';
import { materialsKey } from '../materials/common.tsx';

/** The runs behind a lot: machine, tool, people, what the machine said, inspections, alarms and energy of the window. */
export function RunsPanel({ lot }: { lot: string }) {
  const t = useText();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'trace-report', lot],
    queryFn: ({ signal }) => api.traceReport({ id: lot }, { runs: 10 }, { signal }),
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows rows={3} />;
  if (data.runs.length === 0) return null;
  return (
    <>
      <h2>{t('inventory.runs')}</h2>
      {data.runs.map((run) => (
        <RunCard key={run.run.id} found={run} />
      ))}
    </>
  );
}

function RunCard({ found }: { found: TraceRun }) {
  const t = useText();
  const f = useFormats();
  const { run } = found;
  const plant = usePlantIndex();
  const nameOf = useNames({ item: [run.item], tool: [run.tool], routing: [run.item] });
  const facts: [string, string | null][] = [
    [t('inventory.run.machine'), plant.node(run.machine) ? plant.name(run.machine) : found.machineName],
    [t('inventory.run.tool'), run.tool && nameOf('tool', run.tool)],
    [t('inventory.run.operators'), found.operators.join(', ') || null],
    [
      t('inventory.run.window'),
      `${f.dateTime(run.startedAt / 1000)} – ${run.endedAt === null ? '' : f.dateTime(run.endedAt / 1000)}`,
    ],
    [t('inventory.run.good'), `${f.number(run.good)} / ${f.number(run.scrap)}`],
    [t('inventory.run.energy'), found.energyKwh === null ? null : `${f.number(found.energyKwh)} kWh`],
  ];
  return (
    <section className="panel">
      <div className="panel-head">
        <h2>
          {run.workOrderNumber} · {run.operation} {nameOf('routing', `${run.item}/${run.operation}`, '')}
        </h2>
        <span>
          <Coded name={nameOf('item', run.item)} code={run.item} />
        </span>
      </div>
      <div className="panel-body">
        <dl className="lot-facts">
          {facts
            .filter(([, value]) => value !== null)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </div>
      {found.inspections.map((i) => (
        <div key={i.id} className="hold-line">
          <span>{i.number}</span>
          <span className="muted">{i.plan}</span>
          <span className={i.verdict === 'rejected' ? 'push nowrap bad-text' : 'push nowrap'}>
            {t(`inventory.verdict.${i.verdict ?? 'none'}`)}
          </span>
        </div>
      ))}
      {found.alarms.slice(0, 20).map((a) => (
        <div key={`${a.time} ${a.message} ${a.event}`} className="hold-line small">
          <span className="muted">{f.dateTime(a.time / 1000)}</span>
          <span>{a.message}</span>
        </div>
      ))}
      {found.parameters.length > 0 ? (
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                <th>{t('inventory.run.parameter')}</th>
                <th className="num">{t('inventory.run.mean')}</th>
                <th className="num">{t('inventory.run.min')}</th>
                <th className="num">{t('inventory.run.max')}</th>
                <th className="num">{t('inventory.run.count')}</th>
              </tr>
            </thead>
            <tbody>
              {found.parameters.map((p) => (
                <tr key={p.signal}>
                  <td>
                    {p.name} <span className="unit">{unitText(p.unit)}</span>
                  </td>
                  <td className="num">{f.number(p.mean)}</td>
                  <td className="num">{f.number(p.min)}</td>
                  <td className="num">{f.number(p.max)}</td>
                  <td className="num">{f.number(p.count)}</td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      ) : null}
    </section>
  );
}

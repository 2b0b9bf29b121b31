import type { RecallReport, TraceGraph } from '@deungdae/contracts/api-trace.ts';
import { Button, SegmentedControl } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { materialsKey, ScanField, useAct } from '../materials/common.tsx';
import { RecallPanel } from './recall-panel.tsx';
import { RunsPanel } from './runs-panel.tsx';
import './trace.css';
import { useNames } from '../../ui/names.tsx';
import { TraceSvg } from './trace-svg.tsx';

const directions = ['both', 'up', 'down'] as const;
type Direction = (typeof directions)[number];

/** Where a lot came from and where it went: scan, look, mark the suspect, simulate the recall. */
export function TracePage() {
  const t = useText();
  const navigate = useNavigate();
  const { lot, dir } = useSearch({ from: '/session/shell/trace' });
  const direction = directions.find((d) => d === dir) ?? 'both';
  const go = (next: { lot?: string; dir?: string | undefined }) =>
    void navigate({ to: '/trace', search: (s) => ({ ...s, ...next }) });
  return (
    <>
      <PageHead
        title={t('inventory.traceTitle')}
        lead={
          <SegmentedControl
            aria-label={t('inventory.direction')}
            value={direction}
            onChange={(value) => go({ dir: value === 'both' ? undefined : value })}
            data={directions.map((value) => ({ value, label: t(`inventory.direction.${value}`) }))}
          />
        }
      />
      <div style={{ maxWidth: 640, marginBottom: 12 }}>
        <ScanField
          autoFocus={lot === undefined}
          label={t('inventory.scanToTrace')}
          onScan={(code) => go({ lot: code })}
        />
      </div>
      {lot === undefined ? (
        <section className="panel">
          <EmptyState title={t('inventory.traceEmpty')}>{t('inventory.traceEmptyHelp')}</EmptyState>
        </section>
      ) : (
        <Trace key={lot} lot={lot} direction={direction} go={(id) => go({ lot: id })} />
      )}
    </>
  );
}

function Trace({ lot, direction, go }: { lot: string; direction: Direction; go: (lot: string) => void }) {
  const t = useText();
  const [picked, setPicked] = useState<string | null>(null);
  const [recall, setRecall] = useState<RecallReport | null>(null);
  const { act, busy } = useAct();
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [materialsKey, 'trace', lot, direction],
    queryFn: ({ signal }) => api.trace({ id: lot }, { direction, limit: 400 }, { signal }),
  });
  const nameOf = useNames({ item: data?.nodes.map((node) => node.lot.item) });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const chosen = data.nodes.find((node) => node.lot.id === (picked ?? data.root));
  const simulate = async () => {
    if (chosen) setRecall(await act(() => api.recall({ lots: [chosen.lot.id] })));
  };
  return (
    <div className="stack">
      <section className="panel">
        <div className="panel-head wrap">
          <h2>
            {chosen?.lot.number} · {chosen ? nameOf('item', chosen.lot.item, chosen.itemName) : ''}
          </h2>
          <span className="push row wrap">
            {chosen ? (
              <>
                <Button component={Link} to={`/lots/${chosen.lot.id}`} variant="default">
                  {t('inventory.lotCard')}
                </Button>
                {chosen.lot.id === data.root ? null : (
                  <Button variant="default" onClick={() => go(chosen.lot.number)}>
                    {t('inventory.traceFromHere')}
                  </Button>
                )}
                <Button
                  color="red"
                  loading={busy}
                  leftSection={<IconAlertTriangle size={16} />}
                  onClick={() => void simulate()}
                >
                  {t('inventory.recall')}
                </Button>
              </>
            ) : null}
          </span>
        </div>
        <Drawing
          graph={data}
          picked={chosen?.lot.id ?? null}
          pick={(id) => {
            setPicked(id);
            setRecall(null);
          }}
          suspects={recall ? recall.suspects.map((s) => s.id) : []}
        />
        {data.more > 0 ? <p className="muted small trace-note">{t('inventory.traceMore', { n: data.more })}</p> : null}
      </section>
      {recall ? <RecallPanel recall={recall} /> : null}
      <RunsPanel lot={chosen?.lot.id ?? data.root} />
    </div>
  );
}

function Drawing(props: {
  graph: TraceGraph;
  picked: string | null;
  pick: (id: string) => void;
  suspects: readonly string[];
}) {
  const t = useText();
  if (props.graph.links.length === 0)
    return <EmptyState title={t('inventory.traceAlone')}>{t('inventory.traceAloneHelp')}</EmptyState>;
  return <TraceSvg {...props} />;
}

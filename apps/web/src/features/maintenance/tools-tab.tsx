import type { ToolCard } from '@deungdae/contracts/maintenance.ts';
import { SegmentedControl } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useNow } from '../../ui/use-now.ts';
import { Cavities } from './cavities.tsx';
import { maintenanceKey, ShareBar } from './common.tsx';
import { FileMenu } from './file-menu.tsx';
import { Calibration } from './today-tab.tsx';
import { ToolDrawer } from './tool-drawer.tsx';

const kinds = ['all', 'mould', 'die', 'fixture', 'jig', 'gauge'] as const;

/** Tool cards (금형이력카드): shots, cavities, where it hangs; gauges with their calibration. */
export function ToolsTab({ id, open }: { id: string | undefined; open: (tool: string | undefined) => void }) {
  const t = useText();
  const [kind, setKind] = useState<(typeof kinds)[number]>('all');
  const { data, error, isLoading, refetch } = useQuery({
    queryKey: [maintenanceKey, 'tools'],
    queryFn: ({ signal }) => api.toolCards({}, { signal }),
    refetchInterval: 60_000,
  });
  if (error) return <ErrorBox error={error} retry={() => void refetch()} />;
  if (isLoading || !data) return <LoadingRows />;
  const there = kinds.filter((each) => each === 'all' || data.some((card) => card.kind === each));
  const shown = data.filter((card) => kind === 'all' || card.kind === kind);
  return (
    <>
      {data.length === 0 ? (
        <section className="panel">
          <EmptyState title={t('maintenance.noTools')}>{t('maintenance.noToolsHelp')}</EmptyState>
        </section>
      ) : (
        <div className="stack">
          {there.length > 2 ? (
            <div className="row wrap">
              <SegmentedControl
                aria-label={t('maintenance.filter')}
                value={kind}
                onChange={(value) => setKind(value as typeof kind)}
                data={there.map((value) => ({ value, label: t(`maintenance.toolKind.${value}`) }))}
              />
              <span className="push">
                <FileMenu address={(format) => api.maintenanceFileAddress({ what: 'tools', format })} />
              </span>
            </div>
          ) : null}
          <div className="mt-cards">
            {shown.map((card) => (
              <Card key={card.tool} card={card} open={() => open(card.tool)} />
            ))}
          </div>
        </div>
      )}
      {id === undefined ? null : <ToolDrawer code={id} close={() => open(undefined)} />}
    </>
  );
}

function Card({ card, open }: { card: ToolCard; open: () => void }) {
  const t = useText();
  const f = useFormats();
  const now = useNow(60_000);
  const plant = usePlantIndex();
  return (
    <button type="button" className="panel mt-card" onClick={open}>
      <span>
        <strong>{card.name}</strong> <span className="muted">{card.tool}</span>
      </span>
      {card.serviceShots === null ? null : (
        <ShareBar share={card.share}>
          {t('maintenance.shotsOf', { n: f.number(card.shotsSinceService), of: f.number(card.serviceShots) })}
        </ShareBar>
      )}
      {card.cavities > 1 ? <Cavities card={card} /> : null}
      <dl>
        {card.kind === 'gauge' ? null : (
          <>
            <dt>{t('maintenance.totalShots')}</dt>
            <dd>
              {f.number(card.shots)}
              {card.lifeShots === null ? '' : ` / ${f.number(card.lifeShots)}`}
            </dd>
          </>
        )}
        {card.machine === null ? null : (
          <>
            <dt>{t('maintenance.mountedOn')}</dt>
            <dd>{plant.name(card.machine)}</dd>
          </>
        )}
        {card.calibrationDue === null ? null : (
          <>
            <dt>{t('maintenance.calibration')}</dt>
            <dd>
              <Calibration card={card} now={now} />
            </dd>
          </>
        )}
      </dl>
    </button>
  );
}

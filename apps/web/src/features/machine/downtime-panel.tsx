import type { Downtime } from '@deungdae/contracts/api-entities.ts';
import { Button } from '@mantine/core';
import { IconDownload, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { usePlantIndex } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n.ts';
import { csvText, download } from '../../ui/csv.ts';
import { EmptyState } from '../../ui/messages.tsx';
import { AddDowntime } from './add-downtime.tsx';
import { DowntimeDrawer } from './downtime-drawer.tsx';
import { DowntimeTable } from './downtime-table.tsx';

interface Props {
  equipment: string;
  downtimes: readonly Downtime[];
  canEdit: boolean;
  openId: string | null;
  onOpen: (id: string | null) => void;
  changed: () => void;
}

/** The machine's stops: why, who said so, and what was said before. */
export function DowntimePanel({ equipment, downtimes, canEdit, openId, onOpen, changed }: Props) {
  const t = useText();
  const plant = usePlantIndex();
  const [adding, setAdding] = useState(false);
  const open = downtimes.find((d) => d.id === openId) ?? null;
  // Waiting is seldom worth a person's words; a stop or a set-up always is.
  const unexplained = downtimes.filter((d) => d.reason === null && d.state !== 'idle').length;
  const exportCsv = () =>
    download(
      `${equipment.split('/').at(-1)}-downtimes.csv`,
      csvText([
        [
          t('field.machine'),
          t('time.from'),
          t('time.to'),
          t('field.state'),
          t('field.reason'),
          t('field.note'),
          t('field.by'),
        ],
        ...downtimes.map((d) => [
          d.equipment,
          new Date(d.from / 1000).toISOString(),
          d.to === null ? '' : new Date(d.to / 1000).toISOString(),
          t(`state.${d.state}`),
          plant.reasonName(d.reason) ?? '',
          d.note,
          d.by ?? '',
        ]),
      ]),
    );
  return (
    <section className="panel" aria-label={t('downtime.title')}>
      <div className="panel-head">
        <h2>{t('downtime.title')}</h2>
        <span className="muted small">{downtimes.length}</span>
        {unexplained > 0 ? (
          <span className="small unexplained">{t('downtime.unexplained', { n: unexplained })}</span>
        ) : null}
        <span className="push row">
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconDownload size={16} />}
            disabled={downtimes.length === 0}
            onClick={exportCsv}
          >
            CSV
          </Button>
          {canEdit ? (
            <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
              {t('downtime.add')}
            </Button>
          ) : null}
        </span>
      </div>
      {downtimes.length === 0 ? (
        <EmptyState title={t('downtime.none')}>{t('downtime.noneText')}</EmptyState>
      ) : (
        <DowntimeTable downtimes={downtimes} onOpen={(d) => onOpen(d.id)} />
      )}
      {open ? (
        <DowntimeDrawer key={open.id} downtime={open} canEdit={canEdit} close={() => onOpen(null)} changed={changed} />
      ) : null}
      {adding ? <AddDowntime equipment={equipment} close={() => setAdding(false)} changed={changed} /> : null}
    </section>
  );
}

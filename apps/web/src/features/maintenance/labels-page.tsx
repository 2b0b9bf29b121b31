import { Button, SegmentedControl } from '@mantine/core';
import { IconPrinter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import wasm from 'zxing-wasm/writer/zxing_writer.wasm?url';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState } from '../../ui/messages.tsx';
import { maintenanceKey } from './common.tsx';

// From the plant's own server: a factory has no Internet.
prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) },
});

const kinds = ['machine', 'tool'] as const;

interface Label {
  id: string;
  name: string;
  /** A machine's opens its page in a phone's own camera; a tool's is its code, which the kiosk reads as well. */
  content: string;
}

/** Labels of machines and tools on A4, to be printed, cut and glued on. */
export function LabelsPage() {
  const t = useText();
  const plant = usePlantIndex();
  const [kind, setKind] = useState<(typeof kinds)[number]>('machine');
  const tools = useQuery({
    queryKey: [maintenanceKey, 'tools'],
    queryFn: ({ signal }) => api.toolCards({}, { signal }),
  });
  const labels: Label[] =
    kind === 'tool'
      ? (tools.data ?? []).map((card) => ({ id: card.tool, name: card.name, content: card.tool }))
      : plant.nodes
          .filter((node) => node.level === 'equipment')
          .map((node) => ({
            id: node.path.split('/').at(-1) ?? node.path,
            name: plant.name(node.path),
            content: `${location.origin}/maintenance/scan?code=${encodeURIComponent(node.path)}`,
          }));
  return (
    <>
      <PageHead
        title={t('maintenance.labels')}
        lead={
          <SegmentedControl
            className="no-print"
            aria-label={t('maintenance.filter')}
            value={kind}
            onChange={(value) => setKind(value as typeof kind)}
            data={kinds.map((value) => ({ value, label: t(`maintenance.labelsOf.${value}`) }))}
          />
        }
      >
        <Button leftSection={<IconPrinter size={16} />} onClick={() => print()}>
          {t('maintenance.print')}
        </Button>
      </PageHead>
      <p className="muted no-print">{t(`maintenance.labelHelp.${kind}`)}</p>
      {labels.length === 0 ? (
        <EmptyState title={t('maintenance.noTools')}>{t('maintenance.noToolsHelp')}</EmptyState>
      ) : null}
      <div className="mt-labels">
        {labels.map((label) => (
          <LabelView key={label.id} label={label} />
        ))}
      </div>
    </>
  );
}

function LabelView({ label }: { label: Label }) {
  const { data } = useQuery({
    queryKey: ['qr', label.content],
    queryFn: async () => {
      const made = await writeBarcode(label.content, { format: 'QRCode', scale: 4 });
      return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(made.svg)}`;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  return (
    <figure className="mt-label">
      {data ? <img src={data} alt={label.content} width={110} height={110} /> : <span className="mt-label-blank" />}
      <figcaption>
        <strong>{label.name}</strong>
        <span>{label.id}</span>
      </figcaption>
    </figure>
  );
}

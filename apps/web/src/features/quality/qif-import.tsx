import { Button, FileInput, Modal, Select } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { useLotSource, useMasterSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { qualityKey } from './common.tsx';

interface QifFile {
  name: string;
  xml: string;
}
/** Parts that the dialog shows; all of them are imported. */
const shownParts = 100;

/** Results of a measuring machine as a QIF file: which element names the part, which lot each part is, then the import. */
export function QifImport() {
  const t = useText();
  const [opened, setOpened] = useState(false);
  const [file, setFile] = useState<QifFile | null>(null);
  const [item, setItem] = useState<string | null>(null);
  const items = useMasterSource('item');
  const close = () => {
    setOpened(false);
    setFile(null);
  };
  return (
    <>
      <Button variant="default" leftSection={<IconFileImport size={16} />} onClick={() => setOpened(true)}>
        QIF
      </Button>
      <Modal opened={opened} onClose={close} size={680} title={<strong>{t('quality.qifTitle')}</strong>}>
        <div className="stack">
          <p className="muted">{t('quality.qifText')}</p>
          <Picker required label={t('quality.item')} source={items} value={item} onChange={setItem} />
          <FileInput
            required
            label={t('quality.qifFile')}
            placeholder={t('quality.qifChoose')}
            accept=".qif,.xml"
            clearable
            onChange={async (chosen) => setFile(chosen ? { name: chosen.name, xml: await chosen.text() } : null)}
          />
          {file && item ? <Mapping key={`${file.name}${item}`} file={file} item={item} close={close} /> : null}
        </div>
      </Modal>
    </>
  );
}

function Mapping({ file, item, close }: { file: QifFile; item: string; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const lots = useLotSource(item);
  const [serialFrom, setSerialFrom] = useState<string | null>(null);
  const [links, setLinks] = useState<Readonly<Record<string, string>>>({});
  const source = { xml: file.xml, fileName: file.name, item, ...(serialFrom ? { serialFrom } : {}) };
  const preview = useQuery({
    queryKey: [qualityKey, 'qif', file.name, file.xml.length, item, serialFrom],
    queryFn: ({ signal }) => api.previewQif(source, { signal }),
    retry: false,
  });
  const send = useMutation({
    mutationFn: () => api.importQif({ ...source, links: { ...links } }),
    onSuccess: () => client.invalidateQueries({ queryKey: [qualityKey] }),
  });
  if (send.data) return <Done report={send.data} close={close} />;
  if (preview.error) return <ErrorBox error={preview.error} />;
  if (!preview.data) return <LoadingRows />;
  const { elements, parts, characteristics } = preview.data;
  const open = parts.filter((p) => p.lot === null && !links[p.name]).length;
  return (
    <>
      <Select
        clearable
        label={t('quality.qifSerial')}
        description={t('quality.qifSerialHelp')}
        placeholder={t('quality.qifSerialDefault')}
        value={serialFrom}
        onChange={setSerialFrom}
        nothingFoundMessage={t('quality.qifNoElements')}
        data={elements.map((e) => ({ value: e.name, label: `${e.name} · ${e.examples.join(', ')}` }))}
      />
      <p>{t('quality.qifFound', { parts: parts.length, characteristics, open })}</p>
      <div className="table-scroll qif-parts">
        <table className="grid">
          <thead>
            <tr>
              <th>{t('quality.part')}</th>
              <th className="num">{t('quality.values')}</th>
              <th>{t('quality.lotOrSerial')}</th>
            </tr>
          </thead>
          <tbody>
            {parts.slice(0, shownParts).map((part) => (
              <tr key={part.name}>
                <td>{part.name}</td>
                <td className="num">{part.values}</td>
                <td>
                  {part.lot ?? (
                    <Picker
                      bare
                      label={`${part.name} ${t('quality.lotOrSerial')}`}
                      source={lots}
                      value={links[part.name] ?? null}
                      onChange={(lot) => {
                        const { [part.name]: _, ...rest } = links;
                        setLinks(lot ? { ...rest, [part.name]: lot } : rest);
                      }}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {parts.length > shownParts ? (
        <p className="small muted">{t('quality.qifMoreParts', { n: parts.length - shownParts })}</p>
      ) : null}
      {send.error ? <ErrorBox error={send.error} /> : null}
      <div className="row wrap">
        {open > 0 ? <span className="small muted">{t('quality.qifOpenLater', { n: open })}</span> : null}
        <Button className="push" loading={send.isPending} onClick={() => send.mutate()}>
          {t('quality.qifImport')}
        </Button>
      </div>
    </>
  );
}

function Done({ report, close }: { report: Awaited<ReturnType<typeof api.importQif>>; close: () => void }) {
  const t = useText();
  return (
    <div role="status" className="stack">
      <p>{t('quality.qifDone', { added: report.added, same: report.same, values: report.values })}</p>
      {report.unlinked.length > 0 ? (
        <p>{t('quality.qifUnlinked', { n: report.unlinked.length, parts: report.unlinked.slice(0, 20).join(', ') })}</p>
      ) : null}
      {report.problems.length > 0 ? (
        <ul className="small problems">
          {report.problems.slice(0, 50).map((p) => (
            <li key={`${p.part}${p.characteristic}`}>
              {p.part} · {p.characteristic} · {p.text}
            </li>
          ))}
        </ul>
      ) : null}
      <div className="row">
        <Button className="push" onClick={close}>
          {t('quality.closeDialog')}
        </Button>
      </div>
    </div>
  );
}

/** Imported measurements whose lot is not known: each gets its lot here, by name or scan. Nothing where there are none. */
export function UnlinkedMeasurements({ lead, open }: { lead: boolean; open: (number: string) => void }) {
  const t = useText();
  const client = useQueryClient();
  const list = useQuery({
    queryKey: [qualityKey, 'unlinked'],
    queryFn: ({ signal }) => api.unlinkedInspections({ limit: shownParts }, { signal }),
  });
  const link = useMutation({
    mutationFn: ({ id, lot }: { id: string; lot: string }) => api.linkInspection({ id }, { lot }),
    onSuccess: () => client.invalidateQueries({ queryKey: [qualityKey] }),
  });
  const rows = list.data ?? [];
  if (rows.length === 0) return null;
  return (
    <details className="panel unlinked">
      <summary className="panel-head">{t('quality.unlinkedTitle', { n: rows.length })}</summary>
      <p className="panel-body small muted">{t('quality.unlinkedText')}</p>
      {link.error ? <ErrorBox error={link.error} /> : null}
      <div className="table-scroll qif-parts">
        <table className="grid">
          <thead>
            <tr>
              <th>{t('quality.number')}</th>
              <th>{t('quality.item')}</th>
              <th>{t('quality.part')}</th>
              <th>{t('quality.lotOrSerial')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.id}>
                <td>
                  <button type="button" className="plain-button" onClick={() => open(row.number)}>
                    {row.number}
                  </button>
                </td>
                <td>{row.item}</td>
                <td>{row.note}</td>
                <td>
                  {lead ? (
                    <LotPicker item={row.item} name={row.number} set={(lot) => link.mutate({ id: row.id, lot })} />
                  ) : (
                    '–'
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function LotPicker({ item, name, set }: { item: string; name: string; set: (lot: string) => void }) {
  const t = useText();
  const lots = useLotSource(item);
  return (
    <Picker
      bare
      label={`${name} ${t('quality.lotOrSerial')}`}
      source={lots}
      value={null}
      onChange={(lot) => (lot ? set(lot) : undefined)}
    />
  );
}

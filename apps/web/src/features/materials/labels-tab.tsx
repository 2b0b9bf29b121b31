import type { InventorySettings, Printer } from '@deungdae/contracts/api-inventory.ts';
import { Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { materialsKey, useAct } from './common.tsx';

const everyMs = 3000;

/** Labels that wait or were printed, and the printers and numbers behind them. */
export function LabelsTab() {
  const settings = useQuery({
    queryKey: [materialsKey, 'settings'],
    queryFn: ({ signal }) => api.inventorySettings({ signal }),
  });
  return (
    <>
      <Jobs />
      {settings.error ? <ErrorBox error={settings.error} retry={() => void settings.refetch()} /> : null}
      {settings.data ? <SettingsForm key={JSON.stringify(settings.data)} given={settings.data} /> : <LoadingRows />}
    </>
  );
}

function Jobs() {
  const t = useText();
  const f = useFormats();
  const can = useAbilities();
  const { act, busy } = useAct();
  const { data } = useQuery({
    queryKey: [materialsKey, 'jobs'],
    queryFn: ({ signal }) => api.printJobs({ limit: 50 }, { signal }),
    refetchInterval: everyMs,
  });
  return (
    <section className="panel" style={{ marginBottom: 12 }}>
      <div className="panel-head">
        <h2>{t('inventory.printQueue')}</h2>
      </div>
      {data && data.length > 0 ? (
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                <th>{t('inventory.label')}</th>
                <th>{t('inventory.printer')}</th>
                <th>{t('inventory.column.status')}</th>
                <th>{t('inventory.column.createdAt')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {data.map((job) => (
                <tr key={job.id}>
                  <td>{job.title}</td>
                  <td>{job.printer}</td>
                  <td>
                    <span className={job.error ? 'bad-text' : ''}>{t(`inventory.job.${job.status}`)}</span>
                    {job.error ? <div className="small">{job.error}</div> : null}
                  </td>
                  <td>{f.dateTime(job.createdAt / 1000)}</td>
                  <td className="num">
                    {can.operate && (job.status === 'waiting' || job.status === 'failed') ? (
                      <>
                        <Button
                          variant="subtle"
                          loading={busy}
                          onClick={() => void act(() => api.retryPrintJob({ id: job.id }))}
                        >
                          {t('action.retry')}
                        </Button>
                        <Button variant="subtle" onClick={() => void act(() => api.cancelPrintJob({ id: job.id }))}>
                          {t('inventory.cancel')}
                        </Button>
                      </>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      ) : (
        <EmptyState title={t('inventory.noJobs')}>{t('inventory.noJobsHelp')}</EmptyState>
      )}
    </section>
  );
}

const numbered = ['lot', 'serial', 'container', 'shipment', 'count'] as const;

function SettingsForm({ given }: { given: InventorySettings }) {
  const t = useText();
  const can = useAbilities();
  const { act, busy } = useAct();
  const [settings, setSettings] = useState(given);
  const { printers } = settings;
  const change = (index: number, next: Printer) =>
    setSettings({ ...settings, printers: printers.map((p, i) => (i === index ? next : p)) });
  const add = () => {
    const id = `P${printers.length + 1}`;
    const printer = { id, name: '', host: '', port: 9100, dpi: 203 as const, width: 80, height: 50 };
    setSettings({ ...settings, printers: [...printers, printer] });
  };
  const disabled = !can.lead;
  return (
    <form
      className="panel"
      onSubmit={(event) => {
        event.preventDefault();
        void act(() => api.saveInventorySettings(settings), t('inventory.settingsSaved'));
      }}
    >
      <div className="panel-head">
        <h2>{t('inventory.settings')}</h2>
        {can.lead ? (
          <Button className="push" type="submit" loading={busy}>
            {t('action.save')}
          </Button>
        ) : null}
      </div>
      <div className="panel-body stack">
        <h3>{t('inventory.printers')}</h3>
        {printers.map((printer, i) => (
          <PrinterFields
            key={printer.id}
            printer={printer}
            disabled={disabled}
            change={(next) => change(i, next)}
            remove={() => setSettings({ ...settings, printers: printers.filter((_, j) => j !== i) })}
          />
        ))}
        {disabled ? null : (
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={add} style={{ justifySelf: 'start' }}>
            {t('inventory.addPrinter')}
          </Button>
        )}
        <h3>{t('inventory.numbering')}</h3>
        <p className="muted small">{t('inventory.numberingHelp')}</p>
        <div className="row wrap">
          {numbered.map((key) => (
            <TextInput
              key={key}
              className="grow"
              disabled={disabled}
              label={t(`inventory.numbered.${key}`)}
              value={settings.numbering[key]}
              onChange={(e) =>
                setSettings({ ...settings, numbering: { ...settings.numbering, [key]: e.currentTarget.value } })
              }
            />
          ))}
        </div>
        <TextInput
          disabled={disabled}
          label={t('inventory.linkBase')}
          description={t('inventory.linkBaseHelp')}
          placeholder="https://id.example.com"
          value={settings.linkBase ?? ''}
          onChange={(e) => setSettings({ ...settings, linkBase: e.currentTarget.value.trim() || null })}
        />
      </div>
    </form>
  );
}

const resolutions = ['203', '300', '600'];
/** A font file in a printer's memory, as ZPL names it. */
const anyFont = 'E:KFONT.TTF';

function PrinterFields({
  printer,
  disabled,
  change,
  remove,
}: {
  printer: Printer;
  disabled: boolean;
  change: (next: Printer) => void;
  remove: () => void;
}) {
  const t = useText();
  const { font, ...rest } = printer;
  return (
    <fieldset className="printer-fields" disabled={disabled}>
      <TextInput
        required
        label={t('inventory.printerName')}
        value={printer.name}
        onChange={(e) => change({ ...printer, name: e.currentTarget.value })}
      />
      <TextInput
        required
        label={t('inventory.printerHost')}
        placeholder="192.168.0.50"
        value={printer.host}
        onChange={(e) => change({ ...printer, host: e.currentTarget.value })}
      />
      {(['port', 'width', 'height'] as const).map((key) => (
        <NumberInput
          key={key}
          label={t(`inventory.printer.${key}`)}
          value={printer[key]}
          onChange={(value) => change({ ...printer, [key]: Number(value) })}
        />
      ))}
      <Select
        allowDeselect={false}
        label={t('inventory.printer.dpi')}
        data={resolutions}
        value={String(printer.dpi)}
        onChange={(value) => change({ ...printer, dpi: Number(value) as Printer['dpi'] })}
      />
      <Select
        allowDeselect={false}
        label={t('inventory.printer.hangul')}
        data={(['picture', 'font'] as const).map((value) => ({ value, label: t(`inventory.printer.hangul.${value}`) }))}
        value={font === undefined ? 'picture' : 'font'}
        onChange={(value) => change(value === 'font' ? { ...rest, font: anyFont } : rest)}
      />
      {font === undefined ? null : (
        <TextInput
          required
          label={t('inventory.printer.font')}
          description={t('inventory.printer.fontHelp')}
          pattern="[A-Z]:[A-Z0-9_\-]{1,16}\.[A-Z]{3}"
          value={font}
          onChange={(e) => change({ ...rest, font: e.currentTarget.value.toUpperCase() })}
        />
      )}
      {disabled ? null : (
        <Button variant="subtle" onClick={remove}>
          {t('inventory.remove')}
        </Button>
      )}
    </fieldset>
  );
}

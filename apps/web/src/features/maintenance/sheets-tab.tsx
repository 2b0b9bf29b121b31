import type { CheckSheet } from '@deungdae/contracts/maintenance.ts';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { maintenanceKey, Section, usePersonName, useSubjectName } from './common.tsx';
import { FileMenu } from './file-menu.tsx';
import { SheetDialog } from './sheet-dialog.tsx';

/** Check sheets in force, and the checks that were done with them. */
export function SheetsTab() {
  const t = useText();
  const can = useAbilities();
  const [editing, setEditing] = useState<CheckSheet | 'new' | null>(null);
  const sheets = useQuery({
    queryKey: [maintenanceKey, 'sheets'],
    queryFn: ({ signal }) => api.checkSheets({ signal }),
  });
  const add = can.lead ? (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
      {t('maintenance.addSheet')}
    </Button>
  ) : null;
  if (sheets.error) return <ErrorBox error={sheets.error} retry={() => void sheets.refetch()} />;
  if (!sheets.data) return <LoadingRows />;
  return (
    <>
      {sheets.data.length === 0 ? (
        <section className="panel">
          <EmptyState title={t('maintenance.noSheets')} action={add}>
            {t('maintenance.noSheetsHelp')}
          </EmptyState>
        </section>
      ) : (
        <div className="stack">
          <Section title={t('maintenance.tab.sheets')} count={sheets.data.length} action={add}>
            <div className="table-scroll">
              <CardTable>
                <thead>
                  <tr>
                    <th>{t('maintenance.sheet')}</th>
                    <th>{t('maintenance.subjects')}</th>
                    <th>{t('maintenance.rhythm')}</th>
                    <th className="num">{t('maintenance.items')}</th>
                    <th className="num">{t('maintenance.version')}</th>
                  </tr>
                </thead>
                <tbody>
                  {sheets.data.map((sheet) => (
                    <SheetRow key={sheet.code} sheet={sheet} edit={can.lead ? () => setEditing(sheet) : null} />
                  ))}
                </tbody>
              </CardTable>
            </div>
          </Section>
          <Done sheets={sheets.data} />
        </div>
      )}
      {editing ? <SheetDialog sheet={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
    </>
  );
}

function SheetRow({ sheet, edit }: { sheet: CheckSheet; edit: (() => void) | null }) {
  const t = useText();
  const nameOf = useSubjectName();
  const names = sheet.subjects.map(nameOf);
  return (
    <tr>
      <td>
        {edit ? (
          <button type="button" className="plain-button link" onClick={edit}>
            {sheet.name}
          </button>
        ) : (
          sheet.name
        )}{' '}
        <span className="muted">
          {sheet.code}
          {sheet.active ? '' : ` · ${t('maintenance.paused')}`}
        </span>
      </td>
      <td>
        {names.slice(0, 3).join(', ')}
        {names.length > 3 ? t('maintenance.andMore', { n: names.length - 3 }) : ''}
      </td>
      <td>
        {sheet.every.count === 1
          ? t(`maintenance.each1.${sheet.every.unit}`)
          : t(`maintenance.each.${sheet.every.unit}`, { n: sheet.every.count })}
      </td>
      <td className="num">{sheet.items.length}</td>
      <td className="num">{sheet.version}</td>
    </tr>
  );
}

function Done({ sheets }: { sheets: readonly CheckSheet[] }) {
  const t = useText();
  const f = useFormats();
  const nameOf = useSubjectName();
  const personName = usePersonName();
  const done = useQuery({
    queryKey: [maintenanceKey, 'checks'],
    queryFn: ({ signal }) => api.checksDone({ limit: 200 }, { signal }),
  });
  const names = new Map(sheets.map((sheet) => [sheet.code, sheet.name]));
  return (
    <Section
      title={t('maintenance.checksDone')}
      action={<FileMenu address={(format) => api.maintenanceFileAddress({ what: 'checks', format })} />}
    >
      {done.data?.length === 0 ? <p className="panel-body muted">{t('maintenance.noChecksDone')}</p> : null}
      {done.data && done.data.length > 0 ? (
        <div className="table-scroll">
          <CardTable>
            <thead>
              <tr>
                {(['time', 'sheet', 'subject', 'by', 'result'] as const).map((key) => (
                  <th key={key}>{t(`maintenance.column.${key}`)}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {done.data.map((check) => (
                <tr key={check.id}>
                  <td className="nowrap">{f.dateTime(check.time / 1000)}</td>
                  <td>{names.get(check.sheet) ?? check.sheet}</td>
                  <td>{nameOf(check.subject)}</td>
                  <td>{personName(check.person)}</td>
                  <td className={check.failed > 0 ? 'mt-late' : ''}>
                    {check.failed > 0
                      ? t('maintenance.failedItems', { n: check.failed, orders: check.orders.join(', ') })
                      : t('maintenance.allOk')}
                  </td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </div>
      ) : null}
    </Section>
  );
}

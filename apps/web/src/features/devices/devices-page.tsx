import type { Device } from '@deungdae/contracts/device.ts';
import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { usePlantIndex } from '../../api/queries.ts';
import { PageHead } from '../../app/page-head.tsx';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { CardTable } from '../../ui/card-table.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { showDone, showFailure } from '../../ui/notify.ts';
import { useNow } from '../../ui/use-now.ts';
import { DeviceDialog, PairingCode, type WithCode } from './device-dialog.tsx';

/** Tablets of the shop floor: paired once by a code, limited to their machines, shut out with one press. */
export function DevicesPage() {
  const t = useText();
  const f = useFormats();
  const now = useNow(30_000);
  const plant = usePlantIndex();
  const client = useQueryClient();
  const [editing, setEditing] = useState<Device | 'new' | null>(null);
  const [code, setCode] = useState<WithCode | null>(null);
  const devices = useQuery({
    queryKey: ['devices'],
    queryFn: ({ signal }) => api.devices({ signal }),
    refetchInterval: code ? 3_000 : 30_000,
  });
  const act = async <T,>(work: () => Promise<T>): Promise<T | null> => {
    try {
      const result = await work();
      await client.invalidateQueries({ queryKey: ['devices'] });
      return result;
    } catch (error) {
      showFailure(error);
      return null;
    }
  };
  const paired = code ? devices.data?.find((d) => d.id === code.id && (d.pairedAt ?? 0) > code.madeAt) : undefined;
  return (
    <>
      <PageHead title={t('devices.title')}>
        <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
          {t('devices.add')}
        </Button>
      </PageHead>
      {devices.error ? <ErrorBox error={devices.error} retry={() => void devices.refetch()} /> : null}
      {devices.isLoading ? <LoadingRows /> : null}
      {devices.data?.length === 0 ? <EmptyState title={t('devices.none')}>{t('devices.noneText')}</EmptyState> : null}
      {devices.data && devices.data.length > 0 ? (
        <section className="panel table-scroll" aria-label={t('devices.title')}>
          <CardTable>
            <thead>
              <tr>
                <th>{t('devices.name')}</th>
                <th>{t('devices.machines')}</th>
                <th>{t('devices.status')}</th>
                <th>{t('devices.lastSeen')}</th>
                <th>{t('devices.pairedAt')}</th>
                <th />
              </tr>
            </thead>
            <tbody>
              {devices.data.map((d) => (
                <tr key={d.id}>
                  <td>
                    {d.status === 'revoked' ? (
                      <span className="muted">{d.name}</span>
                    ) : (
                      <button type="button" className="plain-button link" onClick={() => setEditing(d)}>
                        {d.name}
                      </button>
                    )}
                  </td>
                  <td>{d.machines.map((m) => plant.name(m)).join(', ')}</td>
                  <td className="nowrap">{t(`devices.status.${d.status}`)}</td>
                  <td className="nowrap">{d.lastSeenAt === null ? '–' : f.ago(d.lastSeenAt / 1000, now)}</td>
                  <td className="muted nowrap">{d.pairedAt === null ? '–' : f.dateTime(d.pairedAt / 1000)}</td>
                  <td>
                    {d.status === 'revoked' ? null : (
                      <div className="row wrap">
                        <Button
                          variant="light"
                          onClick={async () => {
                            const made = await act(() => api.renewDeviceCode({ id: d.id }));
                            if (made) setCode({ ...made, madeAt: d.pairedAt ?? 0 });
                          }}
                        >
                          {t('devices.newCode')}
                        </Button>
                        <Button
                          variant="subtle"
                          color="red"
                          onClick={async () => {
                            if (!confirm(t('devices.revokeSure', { name: d.name }))) return;
                            if (await act(() => api.revokeDevice({ id: d.id }))) showDone(t('devices.revoked'));
                          }}
                        >
                          {t('devices.revoke')}
                        </Button>
                      </div>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </CardTable>
        </section>
      ) : null}
      {editing ? (
        <DeviceDialog
          device={editing === 'new' ? null : editing}
          close={() => setEditing(null)}
          save={async (work) => {
            const made = await act(work);
            if (!made) return;
            setEditing(null);
            if ('code' in made) setCode({ ...made, madeAt: 0 });
          }}
        />
      ) : null}
      {code ? <PairingCode made={code} paired={paired !== undefined} close={() => setCode(null)} /> : null}
    </>
  );
}

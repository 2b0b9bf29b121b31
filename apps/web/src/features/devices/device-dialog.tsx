import type { Device } from '@deungdae/contracts/device.ts';
import { Button, Modal, TextInput } from '@mantine/core';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer';
import wasm from 'zxing-wasm/writer/zxing_writer.wasm?url';
import { api } from '../../api/client.generated.ts';
import { useText } from '../../i18n/i18n.ts';
import { useMachineSource } from '../../ui/pick-sources.ts';
import { MultiPicker } from '../../ui/picker.tsx';

prepareZXingModule({
  overrides: { locateFile: (path: string, prefix: string) => (path.endsWith('.wasm') ? wasm : prefix + path) },
});

type Made = Awaited<ReturnType<typeof api.createDevice>>;
/** `madeAt`: when the tablet had last been paired before this code, µs. */
export type WithCode = Made & { madeAt: number };

export function DeviceDialog(props: {
  device: Device | null;
  close: () => void;
  save: (work: () => Promise<Device | Made>) => Promise<void>;
}) {
  const t = useText();
  const { device } = props;
  const machines = useMachineSource();
  const [name, setName] = useState(device?.name ?? '');
  const [chosen, setChosen] = useState<readonly string[]>(device?.machines ?? []);
  const [busy, setBusy] = useState(false);
  const send = async () => {
    const body = { name: name.trim(), machines: [...chosen] };
    setBusy(true);
    await props.save(() => (device ? api.updateDevice({ id: device.id }, body) : api.createDevice(body)));
    setBusy(false);
  };
  return (
    <Modal opened onClose={props.close} title={<strong>{device?.name ?? t('devices.add')}</strong>}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextInput
          label={t('devices.name')}
          placeholder={t('devices.namePlaceholder')}
          required
          data-autofocus
          maxLength={60}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <MultiPicker
          source={machines}
          label={t('devices.machines')}
          description={t('devices.machinesHelp')}
          required
          values={chosen}
          onChange={setChosen}
        />
        <Button type="submit" loading={busy} disabled={name.trim() === '' || chosen.length === 0}>
          {device ? t('action.save') : t('devices.makeCode')}
        </Button>
      </form>
    </Modal>
  );
}

/** The code, to be scanned by the tablet's camera or typed on it; says when the tablet has come. */
export function PairingCode({ made, paired, close }: { made: WithCode; paired: boolean; close: () => void }) {
  const t = useText();
  const address = new URL(made.address, location.origin).href;
  const { data } = useQuery({
    queryKey: ['qr', address],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (await writeBarcode(address, { format: 'QRCode', scale: 5 })).svg,
  });
  return (
    <Modal opened onClose={close} title={<strong>{t('devices.pairTitle', { name: made.name })}</strong>}>
      <div className="stack">
        {paired ? (
          <p role="status">
            <IconCircleCheck size={20} aria-hidden /> {t('devices.paired', { name: made.name })}
          </p>
        ) : (
          <>
            <ol>
              <li>{t('devices.step1')}</li>
              <li>{t('devices.step2')}</li>
            </ol>
            {data ? (
              <img
                alt={t('devices.qr')}
                width={220}
                height={220}
                src={`data:image/svg+xml;utf8,${encodeURIComponent(data)}`}
              />
            ) : null}
            <p>
              <strong style={{ fontSize: '2rem', letterSpacing: '0.1em' }}>
                {made.code.slice(0, 4)} {made.code.slice(4)}
              </strong>
            </p>
            <p className="small muted">{t('devices.codeLife')}</p>
          </>
        )}
        <Button variant="default" onClick={close}>
          {t('devices.close')}
        </Button>
      </div>
    </Modal>
  );
}

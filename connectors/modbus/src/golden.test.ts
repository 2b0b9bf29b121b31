import { qualityNames, samplesOf } from '@deungdae/contracts/sample.ts';
import { FakeClock } from '@deungdae/testing/clock.ts';
import { goldenFolders } from '@deungdae/testing/golden.ts';
import { ModbusAddress, ModbusConfig } from './config.ts';
import { parseRead } from './frame.ts';
import { limitsOf, planBlocks, toItem } from './plan.ts';
import { Poller } from './poller.ts';

interface Input {
  config?: object;
  signals: { path: string; kind?: string; address: object }[];
  /** `unit function start count` → PDU in hex */
  answers: Record<string, string>;
}

/** A plant file's bindings and the device's answers, byte by byte: what samples and notices come of them. */
goldenFolders(new URL('../testcases', import.meta.url), 'input.json', async (text) => {
  const input = JSON.parse(text) as Input;
  const config = ModbusConfig.parse({ host: 'golden', ...input.config });
  const items = input.signals.map((s, i) =>
    toItem({ id: i, path: s.path, kind: s.kind ?? 'number', address: ModbusAddress.parse(s.address) }, config),
  );
  const rows: object[] = [];
  const poller = new Poller({
    client: {
      failure: null,
      fail: (error) => {
        throw error;
      },
      read: async (unit, fn, start, count) => {
        const hex = input.answers[`${unit} ${fn} ${start} ${count}`];
        if (!hex) throw new Error(`no answer in the folder for: ${unit} ${fn} ${start} ${count}`);
        return parseRead(Buffer.from(hex.replaceAll(' ', ''), 'hex'), fn, count);
      },
    },
    blocks: planBlocks(items, (unit) => limitsOf(config, unit)),
    clock: new FakeClock(),
    inFlight: 1,
    endpoint: { host: 'golden', port: 502 },
    notice: (code, params) => rows.push({ notice: code, ...params }),
  });
  const batch = await poller.round(new AbortController().signal);
  for (const s of samplesOf(batch))
    rows.push({ path: input.signals[s.signal]!.path, value: s.value, quality: qualityNames[s.quality] });
  return rows;
});

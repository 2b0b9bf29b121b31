import { DataType, type Metric } from '@deungdae/connector-sparkplug/datatypes.ts';
import { encodePayload } from '@deungdae/connector-sparkplug/encode.ts';
import { topicOf } from '@deungdae/connector-sparkplug/topics.ts';
import { rawClient } from './mqtt-raw.ts';

/**
 * An edge node as fast as it goes, in a process of its own: births, then `messages` DDATA of 100 metrics each, over all
 * devices in turn. The parent says how many messages it has taken; at most `window` are under way.
 */
interface Job {
  port: number;
  devices: number;
  messages: number;
  window: number;
}

const metricsPerMessage = 100;
const job = JSON.parse(process.argv[2]!) as Job;
const client = await rawClient(job.port, `publisher-${process.pid}`);
let taken = 0;
let wake: (() => void) | null = null;
process.on('message', (message: number) => {
  taken = message;
  wake?.();
});

const topic = (verb: 'NBIRTH' | 'DBIRTH' | 'DDATA', device: string | null) =>
  topicOf({ group: 'bench', verb, node: 'edge', device });
// Later than the host's own start, so that births need not be repeated after its gap; slower than the clock runs.
const start = Date.now() + 1;
const metric = (device: number, m: number, time: number, value: number, birth: boolean): Metric => ({
  ...(birth ? { name: `m${m}` } : {}),
  alias: device * metricsPerMessage + m + 1,
  timestamp: time,
  datatype: DataType.Double,
  value,
});

function births(): void {
  const timestamp = start - 1;
  const control: Metric[] = [
    { name: 'bdSeq', timestamp, datatype: DataType.Int64, value: 0 },
    { name: 'Node Control/Rebirth', timestamp, datatype: DataType.Boolean, value: false },
  ];
  client.publish(topic('NBIRTH', null), encodePayload({ timestamp, seq: 0, metrics: control }));
  for (let d = 0; d < job.devices; d++) {
    const metrics = Array.from({ length: metricsPerMessage }, (_, m) => metric(d, m, timestamp, 0, true));
    client.publish(topic('DBIRTH', `d${d}`), encodePayload({ timestamp, seq: (d + 1) & 255, metrics }));
  }
}

births();
process.send?.('born');
for (let n = 0; n < job.messages; n++) {
  while (n - taken > job.window) {
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
  }
  const d = n % job.devices;
  const time = start + Math.floor(n / job.devices);
  const metrics: Metric[] = [];
  for (let m = 0; m < metricsPerMessage; m++)
    metrics.push(
      metric(d, m, time, Math.round((20 + 5 * Math.sin(n / 1e3) + (((n + m) * 31) % 7) / 10) * 10) / 10, false),
    );
  const payload = encodePayload({ timestamp: time, seq: (job.devices + 1 + n) & 255, metrics }, { data: true });
  const full = client.publish(topic('DDATA', `d${d}`), payload);
  if (full) await full;
  // The parent's figures come by the event loop.
  else if (n % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
}
process.on('disconnect', () => {
  client.close();
  process.exit(0);
});

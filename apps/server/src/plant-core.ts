import { type AlarmsModule, openAlarms } from '@deungdae/alarms/module.ts';
import { type EquipmentModule, openEquipment } from '@deungdae/equipment/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import { createStream } from '@deungdae/stream/in-process.ts';
import type { Stream } from '@deungdae/stream/stream.ts';
import { connectorSchemas } from './connectors.ts';
import { AppendWatch } from './health.ts';
import { PlantHost } from './plant-host.ts';
import { openStores } from './stores.ts';

export type PlantCore = Awaited<ReturnType<typeof openPlantCore>>;

/** Stores, plant file, stream and the modules that live on it: what a server and a replay have in common. */
export async function openPlantCore(options: {
  dataDir: string;
  /** Setting of `ledgerPlace`. */
  ledger?: string;
  plantFile: string;
  clock: Clock;
  log: Logger;
  language: string;
}) {
  const { dataDir, clock, log } = options;
  const { history, catalogue, ledger } = await openStores({ ...options, dataDir, clock, log });
  const host = new PlantHost({
    file: options.plantFile,
    connectors: connectorSchemas,
    catalogue,
    clock,
    log: log.child({ part: 'plant' }),
  });
  const appends = new AppendWatch(history, clock);
  let stream: Stream;
  let equipment: EquipmentModule;
  let alarms: AlarmsModule;
  try {
    const plant = await host.load(options.language);
    stream = createStream({ history: appends, log: log.child({ part: 'stream' }) });
    equipment = await openEquipment({ ledger, history, stream, clock, log: log.child({ part: 'equipment' }), plant });
    alarms = await openAlarms({
      ledger,
      history,
      stream,
      clock,
      log: log.child({ part: 'alarms' }),
      plant,
      stateOf: (path) => equipment.stateOf(path),
    });
  } catch (error) {
    await Promise.all([history.close(), ledger.close()]);
    throw Object.assign(error as Error, { problems: host.problems });
  }
  equipment.onState((path, state, time) => alarms.onMachineState(path, state, time));
  return {
    history,
    catalogue,
    ledger,
    host,
    stream,
    appends,
    equipment,
    alarms,
    /** Resolves when the modules have written what they derived. */
    settle: async () => {
      await stream.drain();
      await equipment.settled();
      await alarms.settled();
    },
    close: async () => {
      host.close();
      await stream.drain();
      await alarms.close();
      await equipment.close();
      await ledger.close();
      await history.close();
    },
  };
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AlarmsModule } from '@deungdae/alarms/module.ts';
import { createSupervisor } from '@deungdae/connector-kit/supervisor.ts';
import type { Handlers } from '@deungdae/contracts/api.ts';
import type { Alarm, MachineCard } from '@deungdae/contracts/api-entities.ts';
import { Plant } from '@deungdae/contracts/plant.ts';
import type { EquipmentModule } from '@deungdae/equipment/module.ts';
import { openIdentity } from '@deungdae/identity/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Logger } from '@deungdae/kernel/log.ts';
import type { PlantModel } from '@deungdae/kernel/plant-model.ts';
import type { createStream } from '@deungdae/stream/in-process.ts';
import { openTrends } from '@deungdae/trends/module.ts';
import { markAbsence } from './absence.ts';
import { BrokerHost } from './broker-host.ts';
import { connectorSchemas, connectorSources } from './connectors.ts';
import { auditHandlers } from './handlers/audit.ts';
import { connectionHandlers } from './handlers/connections.ts';
import { createExportHandler } from './handlers/export.ts';
import { floorHandlers } from './handlers/floor.ts';
import { plantHandlers } from './handlers/plant.ts';
import { sessionHandlers } from './handlers/session.ts';
import { systemHandlers } from './handlers/system.ts';
import { healthOf } from './health.ts';
import { startHousekeeping } from './housekeeping.ts';
import { closeHttp, createHttp } from './http.ts';
import { LiveHub } from './live.ts';
import { createMetrics } from './metrics.ts';
import { openPlantCore } from './plant-core.ts';
import { withSecrets } from './secrets.ts';
import { openShopFloor } from './shop-floor.ts';
import { HttpsDoor } from './tls/https-door.ts';
import { webFolder } from './web-folder.ts';

export interface PlantOptions {
  dataDir: string;
  /** Where the ledger lies: setting of `ledgerPlace`. */
  ledger?: string;
  plantFile: string;
  clock: Clock;
  log: Logger;
  language: string;
  version: string;
  demo: boolean;
  tls?: { key: string; cert: string };
  /** An encrypted second port with a certificate of the plant's own authority. */
  https?: boolean;
  requestsPerMinute?: number;
  /** 0 runs the connectors in the main thread. */
  workers?: number;
}

export type RunningPlant = Awaited<ReturnType<typeof composePlant>>;

/** Puts the parts together, from the bottom up: stores, stream, modules, connections, doors. No decisions live here. */
export async function composePlant(options: PlantOptions) {
  const { dataDir, clock, log } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const stateDir = join(dataDir, 'connections');
  await mkdir(stateDir, { recursive: true, mode: 0o700 });

  const core = await openPlantCore(options);
  const { history, ledger, catalogue, host, stream, equipment, alarms } = core;
  const plant = host.model;
  const identity = openIdentity({
    ...{ ledger, clock },
    placeOf: (path) => {
      const machine = host.model.equipment.get(path);
      if (!machine) return null;
      const area = host.model.nodes.find((n) => n.path === machine.area)?.name;
      return { name: machine.name, area: typeof area === 'string' ? area : (area?.ko ?? machine.area) };
    },
  });
  const trends = openTrends({ history, clock, plant });
  const shopFloor = await openShopFloor({
    ...{ ledger, history, stream, equipment, alarms, clock, dataDir },
    log: log.child({ part: 'shop-floor' }),
    plant: () => host.model,
  });
  // The live hub comes after the supervisor it shows.
  let onHealth = () => {};
  const supervisor = createSupervisor({
    stream,
    connectors: connectorSources,
    stateDir,
    clock,
    log: log.child({ part: 'connections' }),
    onHealth: () => onHealth(),
    gapOnClose: true,
    ...(options.workers === undefined ? {} : { workers: options.workers }),
  });

  const secrets = (type: string, config: Record<string, unknown>, where: string) => {
    const schema = connectorSchemas.find((c) => c.type === type)?.config;
    return withSecrets(config, { schema, where, env: process.env, log });
  };

  const withAlarms = (card: MachineCard): MachineCard => ({ ...card, alarms: alarms.counts(card.equipment) });
  const live = new LiveHub(
    {
      cards: () => equipment.cards().map(withAlarms),
      card: (path) => {
        const card = equipment.card(path);
        return card ? withAlarms(card) : null;
      },
      alarms: () => alarms.current(),
      connections: () => supervisor.health(),
      values: trends.values,
      plantRevision: () => host.model.revision,
    },
    clock,
  );
  onHealth = () => live.connectionsChanged();
  const rate = connectLive({ live, stream, equipment, alarms, clock });
  const metrics = createMetrics({ history, stream, ledger, live, supervisor, alarms });

  const handlers: Handlers = {
    ...trends.handlers,
    ...equipment.handlers,
    ...alarms.handlers,
    ...identity.handlers,
    ...shopFloor.handlers,
    ...floorHandlers({ equipment, trends, alarms, host, clock, withAlarms }),
    ...plantHandlers({ host, ledger }),
    ...connectionHandlers({ supervisor, host, secrets }),
    ...auditHandlers(ledger, shopFloor.personName),
    ...systemHandlers({ ...options, history, ledger, stream, samplesPerSecond: rate.samplesPerSecond }),
    ...createExportHandler({ history, host, dataDir }),
    ...sessionHandlers(identity, log.child({ part: 'sessions' }), {
      demo: options.demo,
      version: options.version,
      plantName: () => nameOf(host.model),
    }),
  };
  const authority = options.https
    ? await (await import('./tls/authority.ts')).openAuthority(dataDir, nameOf(host.model), () => clock.nowUs() / 1000)
    : null;
  let httpsPort = 0;
  const http = await createHttp({
    ...(authority ? { https: { authority, port: () => httpsPort } } : {}),
    handlers,
    identity,
    live,
    log: log.child({ part: 'http' }),
    ...(options.tls ? { tls: options.tls } : {}),
    health: () => healthOf(core.appends, dataDir),
    metrics: metrics.text,
    webFolder,
    requestsPerMinute: options.requestsPerMinute ?? 1200,
  });

  const door = authority ? new HttpsDoor({ authority, http, clock, log: log.child({ part: 'https' }) }) : null;
  const broker = new BrokerHost(log.child({ part: 'broker' }));
  const openConnections = async (model: PlantModel) => {
    await broker.apply(
      withSecrets(model.plant.broker, { schema: Plant.shape.broker, where: 'broker', env: process.env, log }),
    );
    const connections = [...model.connections.values()];
    await supervisor.apply(connections.map((c) => ({ ...c, config: secrets(c.type, c.config, c.id) })));
  };
  const usePlant = async (model: PlantModel) => {
    await equipment.replacePlant(model);
    await alarms.replacePlant(model);
    trends.replacePlant(model);
    await shopFloor.replacePlant();
    await openConnections(model);
    live.plantChanged();
  };
  host.run(usePlant, (before, after) =>
    ledger.transaction(async (_tx, emit) => {
      const actor = { kind: 'system', id: 'plant-file' } as const;
      await emit({ type: 'plant.fileEdited', subject: 'plant', actor, data: { before, after } });
    }),
  );
  const housekeeping = startHousekeeping({
    history,
    clock,
    log: log.child({ part: 'housekeeping' }),
    plant: () => host.model,
    dataDir,
  });

  return {
    ...core,
    http,
    handlers,
    identity,
    supervisor,
    live,
    catalogue,
    authority,
    /** Opens the encrypted port; its number. */
    listenHttps: async (place: { host: string; port: number }) => {
      httpsPort = (await door?.listen(place)) ?? 0;
      return httpsPort;
    },
    /** Opens the connections; separate, so that the doors are open before the first machine answers. */
    connect: async () => {
      await markAbsence({ history, stream, plant: host.model, nowUs: clock.nowUs() });
      await openConnections(host.model);
    },
    /** From the doors down to the stores, so that nothing is taken in that could not be kept. */
    close: async () => {
      rate.stop();
      live.close();
      const failures: unknown[] = [];
      const steps = [
        async () => door?.close(),
        () => closeHttp(http),
        () => supervisor.close(),
        () => broker.close(),
        () => housekeeping.stop(),
        () => shopFloor.close(),
        () => core.close(),
      ];
      // One part that does not stop as it should must not keep the stores from closing.
      for (const step of steps) await step().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw new AggregateError(failures, 'the plant did not stop cleanly');
    },
  };
}

/** Carries changes to the screens; counts samples for the rate. */
function connectLive(parts: {
  live: LiveHub;
  stream: ReturnType<typeof createStream>;
  equipment: EquipmentModule;
  alarms: AlarmsModule;
  clock: Clock;
}) {
  const { live, stream, equipment, alarms, clock } = parts;
  equipment.subscribe((changed) => live.machinesChanged(changed));
  alarms.subscribe((changed: Alarm[]) => {
    live.alarmsChanged(changed);
    live.machinesChanged([...new Set(changed.map((alarm) => alarm.equipment))]);
  });
  const changed = new Set<number>();
  stream.subscribe('live', (batch) => {
    if (!live.watchesAny) return;
    for (let i = 0; i < batch.length; i++) if (live.watches(batch.signals[i]!)) changed.add(batch.signals[i]!);
    if (changed.size > 0) live.valuesChanged(changed);
    changed.clear();
  });
  let perSecond = 0;
  let before = { ingested: stream.stats().ingested, ms: clock.monotonicMs() };
  const timer = setInterval(() => {
    const now = { ingested: stream.stats().ingested, ms: clock.monotonicMs() };
    perSecond = Math.round(((now.ingested - before.ingested) / Math.max(1, now.ms - before.ms)) * 1000);
    before = now;
  }, 2000);
  return { samplesPerSecond: () => perSecond, stop: () => clearInterval(timer) };
}

function nameOf(model: PlantModel): string {
  const { id, name } = model.plant.enterprise;
  return typeof name === 'string' ? name : (name?.ko ?? id);
}

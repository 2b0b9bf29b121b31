import { defineConnector, type Proposal } from '@deungdae/connector-kit/connector.ts';
import { AdapterConnector } from './adapter-connector.ts';
import { AgentConnector, fetchModel, fetchStreams } from './agent-connector.ts';
import { MtconnectAddress, MtconnectConfig } from './config.ts';
import { mtconnectError } from './errors.ts';
import { proposePlant, uniqueId } from './propose.ts';

/** MTConnect agents (HTTP) and SHDR adapters (TCP): `type: mtconnect`. Read-only by design of the standard. */
export const connector = defineConnector<MtconnectConfig, MtconnectAddress>({
  type: 'mtconnect',
  config: MtconnectConfig,
  address: MtconnectAddress,
  create({ config, signals, context }) {
    if (config.agent !== undefined) return new AgentConnector({ ...config, agent: config.agent }, signals, context);
    return new AdapterConnector({ ...config, adapter: config.adapter ?? '' }, signals, context);
  },
  async *discover({ config, context, abort }): AsyncGenerator<Proposal> {
    if (config.agent === undefined)
      throw mtconnectError('mtconnect.badDocument', { detail: 'an adapter has no device model to browse' });
    const settings = { ...config, agent: config.agent };
    const options = { clock: context.clock, silenceMs: config.heartbeatMs * 2, abort };
    const model = await fetchModel(settings, options);
    const current = await fetchStreams(settings, 'current', {}, options);
    const values = new Map(current.observations.map((o) => [o.dataItemId, o]));
    const several = model.devices.length > 1;
    const ids = new Set<string>();
    for (const equipment of proposePlant(model.devices))
      for (const signal of equipment.signals) {
        const o = values.get(signal.item.id);
        const id = several ? uniqueId(`${equipment.id}-${signal.id}`, ids) : signal.id;
        yield {
          id,
          name: signal.name,
          kind: signal.kind,
          ...(signal.unit ? { unit: signal.unit } : {}),
          devicePath: signal.devicePath,
          address: { dataItem: signal.item.id },
          ...(o ? { value: (o.category === 'CONDITION' ? `${o.name} ${o.text}` : o.text).trim().slice(0, 200) } : {}),
        };
      }
  },
});

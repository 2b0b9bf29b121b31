import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import type { NewConnection, NewPlace } from '@deungdae/contracts/plant-edit.ts';
import { localText } from '@deungdae/contracts/text.ts';
import { actorOf } from '@deungdae/kernel/actor.ts';
import { addBindings, addConnection } from '@deungdae/kernel/plant-edit.ts';
import { addPlaces } from '@deungdae/kernel/plant-edit-places.ts';
import { plantJsonSchema } from '@deungdae/kernel/plant-schema.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { serverError } from '../errors.ts';
import type { PlantHost } from '../plant-host.ts';

interface NewThings {
  equipment: string;
  connection: string;
  places: NewPlace[];
  newConnection?: NewConnection | undefined;
}

export function plantHandlers(deps: { host: PlantHost; ledger: Ledger }): Handlers {
  const { host, ledger } = deps;
  const save = async (text: string, revision: string, caller: Caller, type: string) => {
    const before = host.model.revision;
    const saved = await host.save(text, revision, caller.language);
    await ledger.transaction(async (_tx, emit) => {
      await emit({
        type,
        subject: 'plant',
        actor: actorOf(caller),
        data: { before, after: saved },
      });
    });
    return saved;
  };
  /** The text with the connection and the places that the bindings hang on, all in one saving. */
  const withNewThings = ({ equipment, connection, places, newConnection }: NewThings) => {
    if (!newConnection && !host.model.connections.has(connection))
      throw serverError('server.unknownConnection', { id: connection }, { status: 404 });
    if (!host.model.equipment.has(equipment) && !places.some((p) => p.path === equipment && p.level === 'equipment'))
      throw serverError('server.unknownEquipment', { path: equipment }, { status: 404 });
    let { text } = host;
    if (newConnection) {
      const { name, type, config } = newConnection;
      text = addConnection(text, { ...config, id: connection, ...(name ? { name } : {}), type });
    }
    return addPlaces(text, places, connection);
  };
  return {
    plant() {
      const { plant, nodes, revision } = host.model;
      const reasons = plant.downtimeReasons.flatMap((group) => [
        { id: group.id, name: group.name ?? group.id, loss: group.loss as string, parent: null as string | null },
        ...group.reasons.map((reason) => ({
          id: `${group.id}/${reason.id}`,
          name: reason.name ?? reason.id,
          loss: (reason.loss ?? group.loss) as string,
          parent: group.id as string | null,
        })),
      ]);
      return {
        name: localText(plant.enterprise.name ?? plant.enterprise.id, 'ko'),
        timeZone: plant.sites[0]!.timeZone,
        nodes: [...nodes],
        reasons,
        revision,
      };
    },
    plantFile: () => ({ text: host.text, revision: host.model.revision, path: 'plant.yaml', problems: host.problems }),
    async checkPlantFile({ body }, caller) {
      const { problems } = host.check(body.text, caller.language);
      return { problems, changes: problems.length > 0 ? null : await host.changes(body.text) };
    },
    savePlantFile: async ({ body }, caller) => ({
      revision: await save(body.text, body.revision, caller, 'plant.fileSaved'),
    }),
    async addBindings({ body }, caller) {
      const { text, added } = addBindings(withNewThings(body), body);
      return { revision: await save(text, body.revision, caller, 'plant.bindingsAdded'), added };
    },
    plantSchema: () => plantJsonSchema(host.connectors),
  };
}

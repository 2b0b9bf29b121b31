import type { Caller, Handlers } from '@deungdae/contracts/api.ts';
import { localText } from '@deungdae/contracts/text.ts';
import { addBindings } from '@deungdae/kernel/plant-edit.ts';
import { plantJsonSchema } from '@deungdae/kernel/plant-schema.ts';
import type { Ledger } from '@deungdae/ledger/ledger.ts';
import { actorOf } from '../actor.ts';
import { serverError } from '../errors.ts';
import type { PlantHost } from '../plant-host.ts';

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
      if (!host.model.equipment.has(body.equipment))
        throw serverError('server.unknownEquipment', { path: body.equipment }, { status: 404 });
      if (!host.model.connections.has(body.connection))
        throw serverError('server.unknownConnection', { id: body.connection }, { status: 404 });
      const { text, added } = addBindings(host.text, body);
      return { revision: await save(text, body.revision, caller, 'plant.bindingsAdded'), added };
    },
    plantSchema: () => plantJsonSchema(host.connectors),
  };
}

import type { AlarmsModule } from '@deungdae/alarms/module.ts';
import type { Handlers } from '@deungdae/contracts/api.ts';
import type { MachineCard } from '@deungdae/contracts/api-entities.ts';
import type { EquipmentModule } from '@deungdae/equipment/module.ts';
import type { Clock } from '@deungdae/kernel/clock.ts';
import type { Trends } from '@deungdae/trends/module.ts';
import { serverError } from '../errors.ts';
import type { PlantHost } from '../plant-host.ts';

export function floorHandlers(deps: {
  equipment: EquipmentModule;
  trends: Trends;
  alarms: AlarmsModule;
  host: PlantHost;
  clock: Clock;
  withAlarms: (card: MachineCard) => MachineCard;
}): Handlers {
  const { equipment, trends, alarms, host, clock, withAlarms } = deps;
  return {
    floor: () => ({ at: clock.nowUs(), machines: equipment.cards().map(withAlarms) }),
    async machine({ query }, caller) {
      const { equipment: path, from, to } = query;
      const model = host.model.equipment.get(path);
      const card = equipment.card(path);
      if (!model || !card) throw serverError('server.unknownEquipment', { path }, { status: 404 });
      const [intervals, downtimes] = await Promise.all([
        equipment.intervals(path, from, to),
        equipment.handlers.downtimes!({ params: undefined, query: { path, from, to }, body: undefined }, caller),
      ]);
      return {
        card: withAlarms(card),
        intervals,
        signals: model.signals.map(trends.info),
        values: trends.values(model.signals.map((s) => s.id)),
        alarms: alarms.current().filter((alarm) => alarm.equipment === path),
        downtimes,
      };
    },
  };
}

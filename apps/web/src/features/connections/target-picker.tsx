import { NumberInput, SegmentedControl, Select, TextInput } from '@mantine/core';
import { usePlantIndex } from '../../api/queries.ts';
import { useText } from '../../i18n/i18n.ts';
import {
  type CountChoices,
  type CountDraft,
  emptyCount,
  emptyDraft,
  type MachineDraft,
  newOne,
  type StateChoice,
} from './new-machine.ts';

/** Which machine the signals belong to: one of the plant, or a new one with its area and line. */
export interface Target {
  kind: 'existing' | 'new';
  equipment: string | null;
  draft: MachineDraft;
  /** Key of the chosen state rule; empty for none, null while nobody chose. */
  state: string | null;
  count: CountDraft;
}
export const emptyTarget: Target = {
  kind: 'existing',
  equipment: null,
  draft: emptyDraft,
  state: null,
  count: emptyCount,
};

export function TargetPicker({
  target,
  change,
  states,
  state,
  counts,
  path,
}: {
  target: Target;
  change: (next: Target) => void;
  states: readonly StateChoice[];
  state: string;
  counts: CountChoices;
  /** Of the new machine, once it is known. */
  path: string | null;
}) {
  const t = useText();
  const plant = usePlantIndex();
  const machines = plant.nodes.filter((n) => n.level === 'equipment');
  return (
    <section className="target stack" aria-label={t('connections.target')}>
      <div className="row wrap">
        <h3>{t('connections.target')}</h3>
        {machines.length > 0 ? (
          <SegmentedControl
            className="push"
            size="sm"
            aria-label={t('connections.target')}
            value={target.kind}
            onChange={(kind) => change({ ...target, kind: kind as Target['kind'] })}
            data={[
              { value: 'existing', label: t('connections.existingMachine') },
              { value: 'new', label: t('connections.newMachine') },
            ]}
          />
        ) : null}
      </div>
      {target.kind === 'existing' ? (
        <Select
          aria-label={t('connections.target')}
          placeholder={t('connections.targetHelp')}
          searchable
          value={target.equipment}
          onChange={(equipment) => change({ ...target, equipment })}
          data={machines.map((n) => ({ value: n.path, label: plant.name(n.path) }))}
        />
      ) : (
        <NewMachine draft={target.draft} change={(draft) => change({ ...target, draft })} path={path} />
      )}
      {target.kind === 'new' && states.length > 0 ? (
        <Select
          label={t('connections.stateFrom')}
          description={t('connections.stateFromHelp')}
          value={state}
          allowDeselect={false}
          onChange={(next) => change({ ...target, state: next })}
          data={[
            ...states.map((c) => ({ value: c.key, label: t(`connections.state.${c.means}`, { signal: c.signal }) })),
            { value: '', label: t('connections.stateLater') },
          ]}
        />
      ) : null}
      {target.kind === 'new' && counts.counters.length > 0 ? (
        <Counts choices={counts} draft={target.count} change={(count) => change({ ...target, count })} />
      ) : null}
    </section>
  );
}

function Counts({
  choices,
  draft,
  change,
}: {
  choices: CountChoices;
  draft: CountDraft;
  change: (next: CountDraft) => void;
}) {
  const t = useText();
  const total = draft.total ?? choices.likely;
  const signals = choices.counters.map((c) => ({ value: c.id, label: c.name }));
  return (
    <div className="new-machine">
      <Select
        label={t('connections.countFrom')}
        description={t('connections.countFromHelp')}
        allowDeselect={false}
        value={total}
        onChange={(next) => change({ ...draft, total: next })}
        data={[...signals, { value: '', label: t('connections.countLater') }]}
      />
      {total ? (
        <>
          <NumberInput
            label={t('connections.perIncrement')}
            description={t('connections.perIncrementHelp')}
            min={0.001}
            max={10_000}
            value={draft.perIncrement}
            onChange={(n) => change({ ...draft, perIncrement: Number(n) || 1 })}
          />
          <Select
            label={t('connections.scrapFrom')}
            description={t('connections.scrapFromHelp')}
            allowDeselect={false}
            value={draft.scrap}
            onChange={(next) => change({ ...draft, scrap: next ?? '' })}
            data={[...signals.filter((s) => s.value !== total), { value: '', label: t('connections.scrapNone') }]}
          />
          <NumberInput
            label={t('connections.cycleTime')}
            description={t('connections.cycleTimeHelp')}
            min={0.01}
            max={86_400}
            value={draft.seconds ?? ''}
            onChange={(n) => change({ ...draft, seconds: Number(n) || null })}
          />
        </>
      ) : null}
    </div>
  );
}

function NewMachine({
  draft,
  change,
  path,
}: {
  draft: MachineDraft;
  change: (next: MachineDraft) => void;
  path: string | null;
}) {
  const t = useText();
  const plant = usePlantIndex();
  const areas = plant.nodes.filter((n) => n.level === 'area');
  const lines = plant.nodes.filter((n) => n.level === 'line' && n.parent === draft.area);
  const set = (part: Partial<MachineDraft>) => change({ ...draft, ...part });
  const options = (nodes: typeof areas, create: string) => [
    ...nodes.map((n) => ({ value: n.path, label: plant.name(n.path) })),
    { value: newOne, label: create },
  ];
  return (
    <div className="new-machine">
      <TextInput
        required
        label={t('connections.machineName')}
        placeholder={t('connections.machineNameHelp')}
        maxLength={80}
        value={draft.name}
        onChange={(e) => set({ name: e.currentTarget.value })}
      />
      <TextInput
        label={t('connections.machineId')}
        placeholder={path?.split('/').at(-1) ?? ''}
        maxLength={60}
        value={draft.id}
        onChange={(e) => set({ id: e.currentTarget.value })}
      />
      <Select
        required
        label={t('field.area')}
        placeholder={t('connections.areaHelp')}
        allowDeselect={false}
        value={draft.area}
        onChange={(area) => set({ area, line: null, lineName: '' })}
        data={options(areas, t('connections.newArea'))}
      />
      {draft.area === newOne ? (
        <TextInput
          required
          label={t('connections.areaName')}
          placeholder={t('connections.areaNameHelp')}
          maxLength={80}
          value={draft.areaName}
          onChange={(e) => set({ areaName: e.currentTarget.value })}
        />
      ) : (
        <span />
      )}
      {draft.area === null ? null : (
        <Select
          label={t('connections.line')}
          placeholder={t('connections.noLine')}
          clearable
          value={draft.line}
          onChange={(line) => set({ line })}
          data={options(lines, t('connections.newLine'))}
        />
      )}
      {draft.line === newOne ? (
        <TextInput
          required
          label={t('connections.lineName')}
          maxLength={80}
          value={draft.lineName}
          onChange={(e) => set({ lineName: e.currentTarget.value })}
        />
      ) : null}
      {path ? (
        <p className="small muted new-path">
          {t('connections.path')} <code>{path}</code>
        </p>
      ) : null}
    </div>
  );
}

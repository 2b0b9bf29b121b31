import { CloseButton, Combobox, InputBase, Loader, Pill, PillsInput } from '@mantine/core';
import { IconScan } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useText } from '../i18n/i18n.ts';
import { type ChoiceSource, codeOf } from './choice-source.ts';
import './picker.css';
import { type Picking, usePicking } from './use-picking.ts';

interface PickerProps {
  source: ChoiceSource;
  /** Visible above the field; within a table the heading names it, and `bare` keeps it for the ear alone. */
  label: string;
  bare?: boolean;
  description?: string;
  required?: boolean;
  disabled?: boolean;
  autoFocus?: boolean;
  /** Takes codes that are not known yet, too. */
  free?: boolean;
}

/** Names of what is chosen; a value that is not known any more stands as it is. */
function useNamed(source: ChoiceSource, values: readonly string[]) {
  const { data } = useQuery({
    queryKey: ['pick', ...source.key, 'named', values],
    queryFn: ({ signal }) => source.named(values, signal),
    enabled: values.length > 0,
    staleTime: 60_000,
  });
  return (value: string) => data?.find((c) => c.value === value) ?? null;
}

/** Picks one thing by name, code or scan: type a few letters (초성 too), choose with the arrows, or scan its label. */
export function Picker({
  source,
  value,
  onChange,
  ...props
}: PickerProps & { value: string | null; onChange: (value: string | null) => void }) {
  const t = useText();
  const picking = usePicking({
    ...{ source, taken: [], free: props.free ?? false },
    pick: (choice) => onChange(choice.value),
  });
  const name = useNamed(source, value ? [value] : []);
  const chosen = value ? name(value) : null;
  const shown = !value ? '' : chosen && chosen.name !== codeOf(chosen) ? `${chosen.name} (${codeOf(chosen)})` : value;
  return (
    <Combobox
      store={picking.combobox}
      onOptionSubmit={(v) => picking.take(picking.choices.find((c) => c.value === v)!)}
    >
      <Combobox.Target withExpandedAttribute>
        <InputBase
          {...(props.bare ? { 'aria-label': props.label } : { label: props.label })}
          {...(props.description ? { description: props.description } : {})}
          required={props.required ?? false}
          disabled={props.disabled ?? false}
          data-autofocus={props.autoFocus || undefined}
          autoComplete="off"
          placeholder={t('pick.hint')}
          value={picking.typed ?? shown}
          onChange={(e) => picking.change(e.currentTarget.value)}
          onFocus={(e) => e.currentTarget.select()}
          onClick={() => picking.combobox.openDropdown()}
          onBlur={picking.leave}
          onKeyDown={picking.key}
          rightSectionPointerEvents="all"
          rightSection={
            picking.busy ? (
              <Loader size={16} />
            ) : value && !props.disabled ? (
              <CloseButton
                size="sm"
                tabIndex={-1}
                aria-label={t('pick.clear', { name: props.label })}
                onMouseDown={(e) => e.preventDefault()}
                onClick={() => onChange(null)}
              />
            ) : (
              <IconScan size={16} aria-hidden className="muted" />
            )
          }
        />
      </Combobox.Target>
      <Choices picking={picking} label={props.label} />
    </Combobox>
  );
}

/** Picks several; each scan adds one. */
export function MultiPicker({
  source,
  values,
  onChange,
  ...props
}: PickerProps & { values: readonly string[]; onChange: (values: string[]) => void }) {
  const t = useText();
  const picking = usePicking({
    ...{ source, taken: values, free: props.free ?? false },
    pick: (choice) => {
      if (!values.includes(choice.value)) onChange([...values, choice.value]);
    },
  });
  const name = useNamed(source, values);
  const remove = (value: string) => onChange(values.filter((v) => v !== value));
  return (
    <Combobox
      store={picking.combobox}
      onOptionSubmit={(v) => picking.take(picking.choices.find((c) => c.value === v)!)}
    >
      <Combobox.DropdownTarget>
        <PillsInput
          {...(props.bare ? {} : { label: props.label })}
          {...(props.description ? { description: props.description } : {})}
          required={props.required ?? false}
          disabled={props.disabled ?? false}
          rightSection={picking.busy ? <Loader size={16} /> : <IconScan size={16} aria-hidden className="muted" />}
          onClick={() => picking.combobox.openDropdown()}
        >
          <Pill.Group>
            {values.map((value) => (
              <Pill
                key={value}
                withRemoveButton={!props.disabled}
                removeButtonProps={{ 'aria-label': t('pick.clear', { name: name(value)?.name ?? value }) }}
                onRemove={() => remove(value)}
                title={value}
              >
                {name(value)?.name ?? value}
              </Pill>
            ))}
            <Combobox.EventsTarget withExpandedAttribute>
              <PillsInput.Field
                aria-label={props.label}
                data-autofocus={props.autoFocus || undefined}
                autoComplete="off"
                placeholder={values.length === 0 ? t('pick.hint') : ''}
                value={picking.typed ?? ''}
                onChange={(e) => picking.change(e.currentTarget.value)}
                onBlur={picking.leave}
                onKeyDown={(e) => {
                  picking.key(e);
                  const last = values.at(-1);
                  if (e.key === 'Backspace' && picking.text === '' && last !== undefined) remove(last);
                }}
              />
            </Combobox.EventsTarget>
          </Pill.Group>
        </PillsInput>
      </Combobox.DropdownTarget>
      <Choices picking={picking} label={props.label} />
    </Combobox>
  );
}

function Choices({ picking, label }: { picking: Picking; label: string }) {
  const t = useText();
  const note = picking.error
    ? t('pick.failed')
    : picking.missed
      ? t('pick.missed', { text: picking.text })
      : picking.full
        ? t('pick.more')
        : picking.choices.length === 0 && !picking.busy
          ? t('pick.none')
          : null;
  return (
    <Combobox.Dropdown>
      <Combobox.Options className="pick-options" aria-label={label}>
        {picking.choices.map((choice) => (
          <Combobox.Option key={choice.value} value={choice.value} className="pick-option">
            <span>{choice.name}</span>
            {codeOf(choice) === choice.name ? null : <span className="muted">{codeOf(choice)}</span>}
          </Combobox.Option>
        ))}
        {note ? <Combobox.Empty className="pick-note">{note}</Combobox.Empty> : null}
      </Combobox.Options>
    </Combobox.Dropdown>
  );
}

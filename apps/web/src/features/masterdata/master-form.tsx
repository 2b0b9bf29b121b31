import type { MasterKind } from '@deungdae/contracts/master.ts';
import { ActionIcon, Button, Checkbox, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useText } from '../../i18n/i18n.ts';
import type { ChoiceSource } from '../../ui/choice-source.ts';
import { MultiPicker, Picker } from '../../ui/picker.tsx';
import { listOf, type MasterField, numbersOf, setField } from './master-fields.ts';
import type { FieldNames } from './master-queries.ts';
import { type Names, NamesInput, ParametersInput, type Sampling, SamplingInput } from './nested-inputs.tsx';
import { useReferences } from './references.ts';
import { type SetupCell, SetupMatrix } from './setup-matrix.tsx';

type Values = Record<string, unknown>;

/** A record's data, drawn from the schema of its kind: plain fields first, then the tables of its lines. */
export function MasterForm({
  kind,
  fields,
  names,
  value,
  onChange,
  readOnly,
}: {
  kind: MasterKind;
  fields: readonly MasterField[];
  names: FieldNames;
  value: Values;
  onChange: (value: Values) => void;
  readOnly: boolean;
}) {
  const plain = fields.filter((f) => f.kind !== 'rows' && f.kind !== 'matrix');
  const tables = fields.filter((f) => f.kind === 'rows' || f.kind === 'matrix');
  const references = useReferences(kind);
  const t = useText();
  // Rows of an import name the plan's characteristics; the plan has a name of its own.
  const ownNames =
    kind === 'inspectionPlan'
      ? { ...names, field: (id: string) => (id === 'name' ? t('masterdata.planName') : names.field(id)) }
      : names;
  const input = (field: MasterField) => ({
    ...{ field, names, references, value: value[field.name] },
    onChange: (next: unknown) => onChange(setField(value, field.name, next)),
  });
  return (
    <fieldset className="master-form" disabled={readOnly}>
      <div className="master-fields">
        {plain.map((field) => (
          <FieldInput key={field.name} {...input(field)} names={ownNames} />
        ))}
      </div>
      {tables.map((field) =>
        field.kind === 'matrix' ? (
          <SetupMatrix
            key={field.name}
            value={(value[field.name] as SetupCell[] | undefined) ?? []}
            onChange={(next) => onChange(setField(value, field.name, next))}
          />
        ) : (
          <RowsInput key={field.name} {...input(field)} value={(value[field.name] as Values[] | undefined) ?? []} />
        ),
      )}
    </fieldset>
  );
}

interface InputProps {
  field: MasterField;
  names: FieldNames;
  references: (field: string) => ChoiceSource | null;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Within a table the heading names it. */
  bare?: boolean;
}

function FieldInput({ field, names, references, value, onChange, bare = false }: InputProps) {
  const name = names.field(field.name);
  if (field.kind === 'sampling') return <SamplingInput value={value as Sampling | undefined} onChange={onChange} />;
  if (field.kind === 'names') return <NamesInput value={value as Names | undefined} onChange={onChange} />;
  if (field.kind === 'parameters') return <ParametersInput value={value as Values | undefined} onChange={onChange} />;
  const source = references(field.name);
  if (source && field.kind === 'list')
    return (
      <MultiPicker
        {...{ label: name, bare, source, required: field.required }}
        values={(value as string[] | undefined) ?? []}
        onChange={(next) => onChange(next.length > 0 ? next : undefined)}
      />
    );
  if (source)
    return (
      <Picker
        {...{ label: name, bare, source, required: field.required }}
        value={(value as string | undefined) ?? null}
        onChange={(next) => onChange(next ?? undefined)}
      />
    );
  if (field.kind === 'choices')
    return (
      <MultiSelect
        {...(bare ? { 'aria-label': name } : { label: name, required: field.required })}
        data={field.choices.map((choice) => ({ value: choice, label: names.choice(field.name, choice) }))}
        value={(value ?? field.initial ?? []) as string[]}
        onChange={onChange}
      />
    );
  const common = bare ? { 'aria-label': name } : { label: name, required: field.required };
  if (field.kind === 'boolean')
    return (
      <Checkbox
        {...(bare ? { 'aria-label': name } : { label: name })}
        checked={(value ?? field.initial) === true}
        onChange={(e) => onChange(e.currentTarget.checked)}
      />
    );
  if (field.kind === 'choice')
    return (
      <Select
        {...common}
        data={field.choices.map((choice) => ({ value: choice, label: names.choice(field.name, choice) }))}
        value={(value ?? field.initial ?? null) as string | null}
        onChange={(next) => onChange(next ?? undefined)}
        clearable={!field.required}
      />
    );
  if (field.kind === 'number')
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' ? value : ''}
        {...(field.initial === undefined ? {} : { placeholder: String(field.initial) })}
        onChange={(next) => onChange(next === '' ? undefined : Number(next))}
      />
    );
  const numbers = field.kind === 'numbers';
  const list = field.kind === 'list' || numbers;
  const entries = (text: string) => (numbers ? numbersOf(text) : listOf(text));
  return (
    <TextInput
      {...common}
      type={field.kind === 'day' ? 'date' : 'text'}
      key={list ? String(value) : undefined}
      {...(list
        ? {
            defaultValue: ((value as (string | number)[] | undefined) ?? []).join(', '),
            onBlur: (e) => onChange(entries(e.currentTarget.value)),
          }
        : {
            value: (value as string | undefined) ?? '',
            onChange: (e) => onChange(e.currentTarget.value || undefined),
          })}
      {...(typeof field.initial === 'string' && field.initial ? { placeholder: field.initial } : {})}
    />
  );
}

/** Lines of a record: the needed columns and those that some line has; everything else of a line opens below it. */
function RowsInput({
  field,
  names,
  references,
  value,
  onChange,
}: Omit<InputProps, 'value' | 'onChange'> & { value: readonly Values[]; onChange: (value: Values[]) => void }) {
  const t = useText();
  const [opened, setOpened] = useState<number | null>(null);
  const columns = field.fields.filter((f) => isCell(f) && (f.required || value.some((row) => isFilled(row[f.name]))));
  const shown = columns.slice(0, maxColumns);
  const rest = field.fields.filter((f) => !shown.includes(f));
  const edit = (index: number, row: Values) => onChange(value.map((old, i) => (i === index ? row : old)));
  const add = () => {
    onChange([...value, {}]);
    setOpened(null);
  };
  return (
    <section className="panel table-scroll">
      <div className="panel-head">
        <h3>{t('masterdata.lines', { n: value.length })}</h3>
        <Button className="push" variant="default" size="compact-sm" leftSection={<IconPlus size={14} />} onClick={add}>
          {t('masterdata.addLine')}
        </Button>
      </div>
      <table className="grid master-lines">
        <thead>
          <tr>
            {shown.map((f) => (
              <th key={f.name}>{names.field(f.name)}</th>
            ))}
            <th>
              <span className="hidden-text">{t('field.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {value.map((row, index) => {
            const input = (f: MasterField) => ({
              ...{ field: f, names, references, value: row[f.name] },
              onChange: (next: unknown) => edit(index, setField(row, f.name, next)),
            });
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own, and keep their place
              <Fragment key={index}>
                <tr>
                  {shown.map((f) => (
                    <td key={f.name}>
                      <FieldInput bare {...input(f)} />
                    </td>
                  ))}
                  <td className="num nowrap">
                    {rest.length > 0 ? (
                      <ActionIcon
                        variant="subtle"
                        color="gray"
                        aria-expanded={opened === index}
                        aria-label={t('masterdata.lineDetail', { n: index + 1 })}
                        onClick={() => setOpened(opened === index ? null : index)}
                      >
                        {opened === index ? <IconChevronUp size={16} /> : <IconChevronDown size={16} />}
                      </ActionIcon>
                    ) : null}
                    <ActionIcon
                      variant="subtle"
                      color="gray"
                      aria-label={t('masterdata.removeLine')}
                      onClick={() => onChange(value.filter((_, i) => i !== index))}
                    >
                      <IconTrash size={16} />
                    </ActionIcon>
                  </td>
                </tr>
                {opened === index ? (
                  <tr className="master-line-detail">
                    <td colSpan={shown.length + 1}>
                      <div className="master-fields">
                        {rest.map((f) => (
                          <FieldInput key={f.name} {...input(f)} />
                        ))}
                      </div>
                    </td>
                  </tr>
                ) : null}
              </Fragment>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

/** More would not fit into the drawer; the rest stands in the line's detail. */
const maxColumns = 5;

function isCell({ kind }: MasterField): boolean {
  return kind === 'text' || kind === 'number' || kind === 'choice' || kind === 'boolean' || kind === 'day';
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

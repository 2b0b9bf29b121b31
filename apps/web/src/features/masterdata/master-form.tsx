import { ActionIcon, Button, Checkbox, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useText } from '../../i18n/i18n.ts';
import { listOf, type MasterField, setField } from './master-fields.ts';
import type { FieldNames } from './master-queries.ts';

type Values = Record<string, unknown>;

/** A record's data, drawn from the schema of its kind: plain fields first, then the tables of its lines. */
export function MasterForm({
  fields,
  names,
  value,
  onChange,
  readOnly,
}: {
  fields: readonly MasterField[];
  names: FieldNames;
  value: Values;
  onChange: (value: Values) => void;
  readOnly: boolean;
}) {
  const plain = fields.filter((f) => f.kind !== 'rows' && f.kind !== 'json');
  const rows = fields.filter((f) => f.kind === 'rows');
  return (
    <fieldset className="master-form" disabled={readOnly}>
      <div className="master-fields">
        {plain.map((field) => (
          <FieldInput
            key={field.name}
            field={field}
            names={names}
            value={value[field.name]}
            onChange={(next) => onChange(setField(value, field.name, next))}
          />
        ))}
      </div>
      {rows.map((field) => (
        <RowsInput
          key={field.name}
          field={field}
          names={names}
          value={(value[field.name] as Values[] | undefined) ?? []}
          onChange={(next) => onChange(setField(value, field.name, next))}
        />
      ))}
    </fieldset>
  );
}

interface InputProps {
  field: MasterField;
  names: FieldNames;
  value: unknown;
  onChange: (value: unknown) => void;
  /** Within a table the heading names it. */
  bare?: boolean;
}

function FieldInput({ field, names, value, onChange, bare }: InputProps) {
  const name = names.field(field.name);
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
  if (field.kind === 'json')
    return (
      <Textarea
        {...common}
        autosize
        readOnly
        value={value === undefined ? '' : JSON.stringify(value)}
        placeholder="–"
      />
    );
  const list = field.kind === 'list';
  return (
    <TextInput
      {...common}
      key={list ? String(value) : undefined}
      {...(list
        ? {
            defaultValue: ((value as string[] | undefined) ?? []).join(', '),
            onBlur: (e) => onChange(listOf(e.currentTarget.value)),
          }
        : {
            value: (value as string | undefined) ?? '',
            onChange: (e) => onChange(e.currentTarget.value || undefined),
          })}
      {...(typeof field.initial === 'string' && field.initial ? { placeholder: field.initial } : {})}
    />
  );
}

/** Lines of a record: the needed columns and those that some line has; the rest by a file. */
function RowsInput({
  field,
  names,
  value,
  onChange,
}: {
  field: MasterField;
  names: FieldNames;
  value: readonly Values[];
  onChange: (value: Values[]) => void;
}) {
  const t = useText();
  const shown = field.fields.filter(
    (f) => f.kind !== 'rows' && f.kind !== 'json' && (f.required || value.some((row) => isFilled(row[f.name]))),
  );
  const edit = (index: number, row: Values) => onChange(value.map((old, i) => (i === index ? row : old)));
  return (
    <section className="panel table-scroll">
      <div className="panel-head">
        <h3>{t('masterdata.lines', { n: value.length })}</h3>
        <Button
          className="push"
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          onClick={() => onChange([...value, {}])}
        >
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
          {value.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no name of their own, and keep their place
            <tr key={index}>
              {shown.map((f) => (
                <td key={f.name}>
                  <FieldInput
                    bare
                    field={f}
                    names={names}
                    value={row[f.name]}
                    onChange={(next) => edit(index, setField(row, f.name, next))}
                  />
                </td>
              ))}
              <td className="num">
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
          ))}
        </tbody>
      </table>
    </section>
  );
}

function isFilled(value: unknown): boolean {
  return value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0);
}

import { Checkbox, NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { type TextKey, type Translate, useText } from '../../i18n/i18n.ts';
import { type Field, fieldsOf, type JsonSchema, setField } from './schema-fields.ts';

/** What nearly everyone must set, beside what the schema needs: shown before the rest. */
const usual: Record<string, readonly string[]> = {
  modbus: ['port', 'unit'],
  mqtt: ['username', 'password'],
  sparkplug: ['username', 'password'],
  mtconnect: ['agent', 'adapter', 'device'],
  file: ['format', 'speed'],
};

/** A connector's settings, drawn from its JSON Schema: needed and usual ones first, the rest folded away. */
export function SchemaForm({
  type,
  schema,
  value,
  onChange,
}: {
  type: string;
  schema: JsonSchema;
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>) => void;
}) {
  const t = useText();
  const fields = fieldsOf(schema);
  const isUsual = (field: Field) => field.required || (usual[type]?.includes(field.name) ?? false);
  const needed = fields.filter(isUsual);
  const rest = fields.filter((f) => !isUsual(f));
  const input = (field: Field) => (
    <SchemaInput
      key={field.name}
      field={field}
      value={value[field.name]}
      onChange={(next) => onChange(setField(value, field.name, next))}
    />
  );
  return (
    <div className="stack">
      {needed.map(input)}
      {needed.length === 0 ? rest.map(input) : null}
      {needed.length > 0 && rest.length > 0 ? (
        <details className="more-settings">
          <summary>{t('connections.moreSettings', { n: rest.length })}</summary>
          <div className="stack">{rest.map(input)}</div>
        </details>
      ) : null}
    </div>
  );
}

function SchemaInput({ field, value, onChange }: { field: Field; value: unknown; onChange: (value: unknown) => void }) {
  const t = useText();
  // The usual settings have a name in the person's language; the others stand as the plant file writes them.
  const named = textOr(t, `setting.${field.name}`);
  const common = {
    label: named ? `${named} (${field.name})` : field.name,
    description: textOr(t, `settingHelp.${field.name}`) ?? field.description,
    required: field.required,
  };
  const placeholder = field.initial === undefined ? undefined : String(field.initial);
  if (field.kind === 'boolean')
    return (
      <Checkbox
        label={common.label}
        description={common.description}
        checked={(value ?? field.initial) === true}
        onChange={(e) => onChange(e.currentTarget.checked)}
      />
    );
  if (field.kind === 'choice')
    return (
      <Select
        {...common}
        data={field.choices}
        value={(value ?? field.initial ?? null) as string | null}
        onChange={(next) => onChange(next ?? undefined)}
        clearable={!field.required}
      />
    );
  if (field.kind === 'number')
    return (
      <NumberInput
        {...common}
        value={value === undefined ? '' : Number(value)}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(field.min === undefined ? {} : { min: field.min })}
        {...(field.max === undefined ? {} : { max: field.max })}
        onChange={(next) => onChange(next === '' ? undefined : Number(next))}
      />
    );
  if (field.kind === 'json')
    return (
      <Textarea
        {...common}
        autosize
        defaultValue={value === undefined ? '' : JSON.stringify(value)}
        placeholder={placeholder ?? '{ }'}
        onChange={(e) => onChange(parseLoose(e.currentTarget.value))}
      />
    );
  const Input = field.secret ? PasswordInput : TextInput;
  return (
    <Input
      {...common}
      autoComplete="off"
      value={(value as string) ?? ''}
      {...(placeholder === undefined ? {} : { placeholder })}
      onChange={(e) => onChange(e.currentTarget.value || undefined)}
    />
  );
}

function textOr(t: Translate, key: string): string | undefined {
  const text = t(key as TextKey);
  return text === key ? undefined : text;
}

/** JSON where it is JSON; else the text itself, which the server's check explains. */
function parseLoose(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

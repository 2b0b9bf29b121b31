import { Checkbox, NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useText } from '../../i18n/i18n.ts';
import { type Field, fieldsOf, type JsonSchema, setField } from './schema-fields.ts';

/** A connector's settings, drawn from its JSON Schema: needed ones first, the rest folded away. */
export function SchemaForm({
  schema,
  value,
  onChange,
}: {
  schema: JsonSchema;
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>) => void;
}) {
  const t = useText();
  const fields = fieldsOf(schema);
  const needed = fields.filter((f) => f.required);
  const rest = fields.filter((f) => !f.required);
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
  const common = { label: field.name, description: field.description, required: field.required };
  const placeholder = field.initial === undefined ? undefined : String(field.initial);
  if (field.kind === 'boolean')
    return (
      <Checkbox
        label={field.name}
        description={field.description}
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

/** JSON where it is JSON; else the text itself, which the server's check explains. */
function parseLoose(text: string): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

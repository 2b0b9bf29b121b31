import { Checkbox, NumberInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type TextKey, type Translate, useText } from '../../i18n/i18n.ts';
import { type Field, fieldsOf, type JsonSchema, listFrom, setField } from './schema-fields.ts';

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
  const shown = needed.length > 0 ? needed : rest;
  return (
    <div className="stack">
      <Inputs fields={shown} value={value} onChange={onChange} />
      {needed.length > 0 && rest.length > 0 ? (
        <details className="more-settings">
          <summary>{t('connections.moreSettings', { n: rest.length })}</summary>
          <div className="stack">
            <Inputs fields={rest} value={value} onChange={onChange} />
          </div>
        </details>
      ) : null}
    </div>
  );
}

function Inputs({
  fields,
  value,
  onChange,
}: {
  fields: readonly Field[];
  value: Record<string, unknown>;
  onChange: (value: Record<string, unknown>) => void;
}) {
  return fields.map((field) => (
    <SchemaInput
      key={field.name}
      field={field}
      value={value[field.name]}
      onChange={(next) => onChange(setField(value, field.name, next))}
    />
  ));
}

interface InputProps {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
}

function SchemaInput({ field, value, onChange }: InputProps) {
  const t = useText();
  const common = {
    label: <SettingName field={field} />,
    description: textOr(t, `settingHelp.${field.path}`),
    required: field.required,
  };
  const placeholder = field.initial === undefined ? undefined : String(field.initial);
  if (field.kind === 'group') return <Group field={field} value={value} onChange={onChange} />;
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
        data={field.choices.map((choice) => ({
          value: String(choice),
          label: textOr(t, `settingChoice.${field.path}.${choice}`) ?? shownChoice(choice),
        }))}
        value={String(value ?? field.initial ?? '') || null}
        onChange={(next) => onChange(field.choices.find((choice) => String(choice) === next))}
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
  if (field.kind === 'list') return <ListInput field={field} value={value} onChange={onChange} common={common} />;
  if (field.kind === 'json')
    return (
      <Textarea
        {...common}
        autosize
        defaultValue={value === undefined ? '' : JSON.stringify(value)}
        placeholder={field.initial === undefined ? '' : JSON.stringify(field.initial)}
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

/** The setting in the person's language, and as the plant file writes it. */
function SettingName({ field }: { field: Field }) {
  const t = useText();
  return (
    <>
      {textOr(t, `setting.${field.path}`) ?? field.path} <code className="setting-name">{field.name}</code>
    </>
  );
}

/** Settings that belong together. One that nobody filled in is not written into the plant file. */
function Group({ field, value, onChange }: InputProps) {
  const t = useText();
  const help = textOr(t, `settingHelp.${field.path}`);
  const own = (value ?? {}) as Record<string, unknown>;
  return (
    <details className="setting-group" open={value !== undefined}>
      <summary>
        <SettingName field={field} />
        {help ? <p className="small muted">{help}</p> : null}
      </summary>
      <div className="stack">
        <Inputs
          fields={field.fields}
          value={own}
          onChange={(next) => onChange(Object.keys(next).length === 0 ? undefined : next)}
        />
      </div>
    </details>
  );
}

/** Keeps the text as it is typed: a comma that was just written must not vanish. */
function ListInput({ field, value, onChange, common }: InputProps & { common: object }) {
  const [text, setText] = useState(Array.isArray(value) ? value.join(', ') : '');
  return (
    <TextInput
      {...common}
      autoComplete="off"
      value={text}
      placeholder={Array.isArray(field.initial) ? field.initial.join(', ') : ''}
      onChange={(e) => {
        setText(e.currentTarget.value);
        onChange(listFrom(e.currentTarget.value, field.numeric));
      }}
    />
  );
}

/** A tabulator has no picture of its own. */
function shownChoice(choice: string | number): string {
  return choice === '\t' ? 'Tab' : String(choice);
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

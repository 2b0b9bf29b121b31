import { ActionIcon, Button, NumberInput, Select, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useText } from '../../i18n/i18n.ts';

export type Sampling =
  | { type: 'fixed'; size?: number }
  | { type: 'all' }
  | { type: 'aql'; level?: string; aql?: number };
export type Names = Record<string, string>;

const types = ['fixed', 'all', 'aql'] as const;
const levels = ['S1', 'S2', 'S3', 'S4', 'I', 'II', 'III'];
/** Preferred AQLs of ISO 2859-1. */
const aqls = [0.065, 0.1, 0.15, 0.25, 0.4, 0.65, 1, 1.5, 2.5, 4, 6.5, 10];
const fresh: Record<(typeof types)[number], Sampling> = {
  fixed: { type: 'fixed', size: 1 },
  all: { type: 'all' },
  aql: { type: 'aql', level: 'II', aql: 1 },
};

/** How many pieces an inspection looks at. */
export function SamplingInput({
  value = fresh.fixed,
  onChange,
}: {
  value?: Sampling | undefined;
  onChange: (value: Sampling) => void;
}) {
  const t = useText();
  return (
    <fieldset className="master-nested">
      <legend>{t('masterdata.sampling')}</legend>
      <div className="row wrap">
        <Select
          w={150}
          aria-label={t('masterdata.sampling')}
          allowDeselect={false}
          value={value.type}
          data={types.map((type) => ({ value: type, label: t(`masterdata.sampling.${type}`) }))}
          onChange={(type) => onChange(fresh[type as keyof typeof fresh])}
        />
        {value.type === 'fixed' ? (
          <NumberInput
            w={100}
            min={1}
            aria-label={t('masterdata.sampleSize')}
            value={value.size ?? 1}
            onChange={(size) => onChange({ type: 'fixed', size: Math.max(1, Math.round(Number(size)) || 1) })}
          />
        ) : null}
        {value.type === 'aql' ? (
          <>
            <Select
              w={90}
              aria-label={t('masterdata.level')}
              allowDeselect={false}
              value={value.level ?? 'II'}
              data={levels}
              onChange={(level) => onChange({ ...value, level: level ?? 'II' })}
            />
            <Select
              w={110}
              aria-label="AQL"
              allowDeselect={false}
              value={String(value.aql ?? 1)}
              data={[...new Set([...aqls, value.aql ?? 1])]
                .sort((a, b) => a - b)
                .map((aql) => ({
                  value: String(aql),
                  label: `AQL ${aql}`,
                }))}
              onChange={(aql) => onChange({ ...value, aql: Number(aql) })}
            />
          </>
        ) : null}
      </div>
    </fieldset>
  );
}

/** Languages of kiosks; others that a record has already are kept. */
const languages = ['en', 'vi', 'uz'];

/** Names in other languages than the plant's own. */
export function NamesInput({
  value = {},
  onChange,
}: {
  value?: Names | undefined;
  onChange: (value: Names | undefined) => void;
}) {
  const t = useText();
  return (
    <fieldset className="master-nested">
      <legend>{t('masterdata.names')}</legend>
      {[...new Set([...languages, ...Object.keys(value)])].map((language) => (
        <TextInput
          key={language}
          size="xs"
          maxLength={200}
          leftSection={<span className="small muted">{language}</span>}
          aria-label={`${t('masterdata.names')} ${language}`}
          value={value[language] ?? ''}
          onChange={(e) => {
            const { [language]: _, ...rest } = value;
            const text = e.currentTarget.value;
            const next = text === '' ? rest : { ...rest, [language]: text };
            onChange(Object.keys(next).length > 0 ? next : undefined);
          }}
        />
      ))}
    </fieldset>
  );
}

/** Set values of an operation by name; a text that reads as a number is one. */
export function ParametersInput({
  value = {},
  onChange,
}: {
  value?: Record<string, unknown> | undefined;
  onChange: (value: Record<string, unknown> | undefined) => void;
}) {
  const t = useText();
  const [name, setName] = useState('');
  const put = (next: Record<string, unknown>) => onChange(Object.keys(next).length > 0 ? next : undefined);
  return (
    <fieldset className="master-nested">
      <legend>{t('masterdata.parameters')}</legend>
      {Object.entries(value).map(([key, own]) => (
        <div className="row" key={key}>
          <TextInput
            size="xs"
            className="grow"
            leftSectionWidth={120}
            leftSection={<span className="small muted">{key}</span>}
            aria-label={`${t('masterdata.parameters')} ${key}`}
            defaultValue={typeof own === 'string' || typeof own === 'number' ? String(own) : JSON.stringify(own)}
            onBlur={(e) => {
              const text = e.currentTarget.value.trim();
              put({ ...value, [key]: text !== '' && Number.isFinite(Number(text)) ? Number(text) : text });
            }}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t('masterdata.removeParameter', { name: key })}
            onClick={() => {
              const { [key]: _, ...rest } = value;
              put(rest);
            }}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      <div className="row">
        <TextInput
          size="xs"
          className="grow"
          aria-label={t('masterdata.parameterName')}
          placeholder={t('masterdata.parameterName')}
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} />}
          disabled={name.trim() === '' || name.trim() in value}
          onClick={() => {
            put({ ...value, [name.trim()]: '' });
            setName('');
          }}
        >
          {t('masterdata.addLine')}
        </Button>
      </div>
    </fieldset>
  );
}

import { Button, NumberInput, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { useText } from '../../i18n/i18n.ts';

export interface SetupCell {
  from: string;
  to: string;
  minutes: number;
}
/** A hundred by a hundred is what a record may hold. */
const maxGroups = 100;

/** Minutes to change from one set-up group (row) to another (column); an empty cell takes the routing's own figure. */
export function SetupMatrix({
  value,
  onChange,
}: {
  value: readonly SetupCell[];
  onChange: (value: SetupCell[]) => void;
}) {
  const t = useText();
  const [added, setAdded] = useState<readonly string[]>([]);
  const [name, setName] = useState('');
  const groups = [...new Set([...value.flatMap((c) => [c.from, c.to]), ...added])];
  const minutes = (from: string, to: string) => value.find((c) => c.from === from && c.to === to)?.minutes ?? '';
  const set = (from: string, to: string, next: number | string) => {
    const others = value.filter((c) => c.from !== from || c.to !== to);
    onChange(next === '' ? others : [...others, { from, to, minutes: Number(next) }]);
  };
  const add = () => {
    const group = name.trim();
    if (group !== '' && !groups.includes(group)) setAdded([...added, group]);
    setName('');
  };
  return (
    <section className="panel table-scroll">
      <div className="panel-head">
        <h3>{t('masterdata.setupMatrix')}</h3>
        <span className="push row">
          <TextInput
            size="xs"
            w={140}
            maxLength={60}
            aria-label={t('masterdata.setupGroup')}
            placeholder={t('masterdata.setupGroup')}
            value={name}
            onChange={(e) => setName(e.currentTarget.value)}
            onKeyDown={(e) => {
              if (e.key !== 'Enter' || e.nativeEvent.isComposing) return;
              e.preventDefault();
              add();
            }}
          />
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<IconPlus size={14} />}
            disabled={name.trim() === '' || groups.length >= maxGroups}
            onClick={add}
          >
            {t('masterdata.addGroup')}
          </Button>
        </span>
      </div>
      {groups.length === 0 ? (
        <p className="panel-body small muted">{t('masterdata.setupHelp')}</p>
      ) : (
        <table className="grid setup-matrix">
          <thead>
            <tr>
              <th scope="col">{t('masterdata.setupFromTo')}</th>
              {groups.map((to) => (
                <th key={to} scope="col" className="num">
                  {to}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {groups.map((from) => (
              <tr key={from}>
                <th scope="row">{from}</th>
                {groups.map((to) => (
                  <td key={to} className="num">
                    <NumberInput
                      hideControls
                      min={0}
                      size="xs"
                      w={64}
                      aria-label={t('masterdata.setupCell', { from, to })}
                      placeholder={from === to ? '0' : '–'}
                      value={minutes(from, to)}
                      onChange={(next) => set(from, to, next)}
                    />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';
import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useMemo, useState } from 'react';
import { usePlantIndex } from '../../api/queries.ts';
import { findText } from '../../i18n/hangul.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { plantText } from '../../ui/text.ts';

const shownAtMost = 300;

/** Signals by machine, found by part of a name, a path or initial consonants. */
export function SignalPicker({
  catalogue,
  picked,
  most,
  close,
  apply,
}: {
  catalogue: readonly SignalInfo[];
  picked: readonly string[];
  most: number;
  close: () => void;
  apply: (paths: string[]) => void;
}) {
  const t = useText();
  const language = useLanguage();
  const plant = usePlantIndex();
  const [query, setQuery] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(picked);
  const groups = useMemo(() => {
    const words = query.trim().split(/\s+/).filter(Boolean);
    const map = new Map<string, SignalInfo[]>();
    let count = 0;
    for (const signal of catalogue) {
      if (count >= shownAtMost) break;
      const text = `${plant.name(signal.equipment)} ${plantText(signal.name, language)} ${signal.path}`;
      if (!words.every((word) => findText(text, word) >= 0)) continue;
      map.set(signal.equipment, [...(map.get(signal.equipment) ?? []), signal]);
      count++;
    }
    return [...map];
  }, [catalogue, query, plant, language]);
  const toggle = (path: string) =>
    setChosen((c) => (c.includes(path) ? c.filter((p) => p !== path) : [...c, path].slice(-most)));
  const done = () => {
    apply([...chosen]);
    close();
  };
  return (
    <Modal opened onClose={close} title={<strong>{t('trends.addSignals')}</strong>} size={640}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          done();
        }}
      >
        <TextInput
          data-autofocus
          placeholder={t('search.hint')}
          aria-label={t('trends.findSignals')}
          value={query}
          onChange={(e) => setQuery(e.currentTarget.value)}
        />
        <div className="picker-list">
          {groups.map(([equipment, signals]) => (
            <fieldset key={equipment}>
              <legend>{plant.name(equipment)}</legend>
              {signals.map((signal) => (
                <Checkbox
                  key={signal.id}
                  checked={chosen.includes(signal.path)}
                  onChange={() => toggle(signal.path)}
                  label={
                    <>
                      {plantText(signal.name, language)} <span className="unit">{unitText(signal.unit)}</span>
                    </>
                  }
                />
              ))}
            </fieldset>
          ))}
          {groups.length === 0 ? <p className="muted">{t('search.none')}</p> : null}
        </div>
        <div className="row">
          <span className="muted small">{t('trends.chosen', { n: chosen.length, most })}</span>
          <Button type="submit" className="push">
            {t('action.apply')}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

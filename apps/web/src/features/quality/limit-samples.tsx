import type { LimitSample } from '@deungdae/contracts/quality.ts';
import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useAbilities } from '../../app/me.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { dayEnd, dayText } from '../../time/day-us.ts';
import { usePlantZone } from '../../time/zone-context.ts';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { PhotoButton } from '../../ui/photo-button.tsx';
import { useDefectSource, useMasterSource } from '../../ui/pick-sources.ts';
import { Picker } from '../../ui/picker.tsx';
import { Pictures, qualityKey } from './common.tsx';

const sides = ['accept', 'limit', 'reject'] as const;

/** Limit samples (한도견본): how far a flaw may go, by picture. */
export function LimitSamples() {
  const t = useText();
  const f = useFormats();
  const { lead } = useAbilities();
  const list = useQuery({
    queryKey: [qualityKey, 'limitSamples'],
    queryFn: ({ signal }) => api.limitSamples({ limit: 500 }, { signal }),
  });
  const rows = list.data ?? [];
  const [editing, setEditing] = useState<LimitSample | 'new' | null>(null);
  return (
    <>
      <div className="row wrap list-head">
        <span className="muted small">{t('quality.count', { n: rows.length })}</span>
        <span className="push">
          {lead ? (
            <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing('new')}>
              {t('quality.newSample')}
            </Button>
          ) : null}
        </span>
      </div>
      {list.error ? <ErrorBox error={list.error} retry={() => void list.refetch()} /> : null}
      {list.isLoading ? <LoadingRows /> : null}
      {list.data && rows.length === 0 ? (
        <section className="panel">
          <EmptyState title={t('quality.noSamples')}>{t('quality.noSamplesText')}</EmptyState>
        </section>
      ) : null}
      <div className="sample-grid">
        {rows.map((s) => (
          <article key={s.id} className="panel sample-card">
            <Pictures ids={s.pictures} alt={s.name} />
            <div className="panel-body">
              <strong className={s.side === 'reject' ? 'bad' : ''}>{t(`quality.side.${s.side}`)}</strong> {s.name}
              <p className="small">{s.text}</p>
              <p className="small muted">
                {[s.item, s.defect].filter(Boolean).join(' · ')} · {s.approvedBy} · {f.day(s.validFrom / 1000)}
                {s.validTo === null ? null : ` · ${t('quality.validTo', { day: f.day(s.validTo / 1000) })}`}
              </p>
              {lead ? (
                <Button variant="subtle" size="compact-sm" onClick={() => setEditing(s)}>
                  {t('quality.changeSample')}
                </Button>
              ) : null}
            </div>
          </article>
        ))}
      </div>
      {editing ? <SampleDialog known={editing === 'new' ? null : editing} close={() => setEditing(null)} /> : null}
    </>
  );
}

function SampleDialog({ known, close }: { known: LimitSample | null; close: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const items = useMasterSource('item');
  const defects = useDefectSource();
  const [side, setSide] = useState<LimitSample['side']>(known?.side ?? 'limit');
  const [item, setItem] = useState<string | null>(known?.item ?? null);
  const [defect, setDefect] = useState<string | null>(known?.defect ?? null);
  const [name, setName] = useState(known?.name ?? '');
  const [text, setText] = useState(known?.text ?? '');
  const [pictures, setPictures] = useState<string[]>(known?.pictures ?? []);
  const zone = usePlantZone();
  const [until, setUntil] = useState(dayText(known?.validTo ?? null, zone));
  const save = useMutation({
    mutationFn: () =>
      api.saveLimitSample({
        ...(known ? { id: known.id } : {}),
        ...{ item: item ?? '', name: name.trim(), text: text.trim(), side, pictures, defect },
        validTo: dayEnd(until, zone),
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [qualityKey, 'limitSamples'] });
      close();
    },
  });
  return (
    <FormDialog
      title={t(known ? 'quality.changeSample' : 'quality.newSample')}
      close={close}
      save={save}
      ready={item !== null && name.trim() !== ''}
      submit={t(known ? 'quality.keepSample' : 'quality.saveSample')}
      aside={<PhotoButton count={pictures.length} onTaken={(id) => setPictures([...pictures, id])} />}
    >
      <Picker autoFocus required label={t('quality.item')} source={items} value={item} onChange={setItem} />
      <Picker label={t('quality.defect')} source={defects} value={defect} onChange={setDefect} />
      <TextInput
        label={t('quality.sampleName')}
        required
        value={name}
        onChange={(e) => setName(e.currentTarget.value)}
      />
      <Select
        label={t('quality.sideName')}
        allowDeselect={false}
        value={side}
        onChange={(v) => setSide(sides.find((s) => s === v) ?? 'limit')}
        data={sides.map((value) => ({ value, label: t(`quality.side.${value}`) }))}
      />
      <Textarea
        label={t('quality.sampleText')}
        autosize
        value={text}
        onChange={(e) => setText(e.currentTarget.value)}
      />
      <TextInput
        type="date"
        label={t('quality.validUntil')}
        description={t('quality.validUntilHint')}
        value={until}
        onChange={(e) => setUntil(e.currentTarget.value)}
      />
    </FormDialog>
  );
}

import type { LimitSample } from '@deungdae/contracts/quality.ts';
import { Button, FileButton, Modal, Select, Textarea, TextInput } from '@mantine/core';
import { IconCamera, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../api/client.generated.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { EmptyState, ErrorBox, LoadingRows } from '../../ui/messages.tsx';
import { keepPicture, Pictures, qualityKey, useAbilities } from './common.tsx';

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
  return (
    <>
      <div className="row wrap list-head">
        <span className="muted small">{t('quality.count', { n: rows.length })}</span>
        <span className="push">{lead ? <NewSample /> : null}</span>
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
              </p>
            </div>
          </article>
        ))}
      </div>
    </>
  );
}

function NewSample() {
  const t = useText();
  const client = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [side, setSide] = useState<LimitSample['side']>('limit');
  const [item, setItem] = useState('');
  const [defect, setDefect] = useState('');
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const [pictures, setPictures] = useState<string[]>([]);
  const picture = useMutation({
    mutationFn: keepPicture,
    onSuccess: (id) => setPictures((before) => [...before, id]),
  });
  const save = useMutation({
    mutationFn: () =>
      api.saveLimitSample({
        ...{ item: item.trim(), name: name.trim(), text: text.trim(), side, pictures },
        defect: defect.trim() === '' ? null : defect.trim(),
      }),
    onSuccess: () => {
      setOpened(false);
      setPictures([]);
      return client.invalidateQueries({ queryKey: [qualityKey, 'limitSamples'] });
    },
  });
  return (
    <>
      <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened(true)}>
        {t('quality.newSample')}
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={t('quality.newSample')}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate();
          }}
        >
          <TextInput label={t('quality.item')} required value={item} onChange={(e) => setItem(e.currentTarget.value)} />
          <TextInput label={t('quality.defect')} value={defect} onChange={(e) => setDefect(e.currentTarget.value)} />
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
          <FileButton accept="image/*" onChange={(file) => file && picture.mutate(file)}>
            {(props) => (
              <Button variant="default" leftSection={<IconCamera size={16} />} loading={picture.isPending} {...props}>
                {t('quality.addPicture', { n: pictures.length })}
              </Button>
            )}
          </FileButton>
          {picture.error ? <ErrorBox error={picture.error} /> : null}
          {save.error ? <ErrorBox error={save.error} /> : null}
          <Button type="submit" loading={save.isPending} disabled={item.trim() === '' || name.trim() === ''}>
            {t('quality.saveSample')}
          </Button>
        </form>
      </Modal>
    </>
  );
}

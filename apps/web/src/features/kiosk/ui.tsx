import { IconArrowLeft, IconBackspace, IconCamera, IconCheck, IconX } from '@tabler/icons-react';
import { type ComponentType, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Photo } from './core.ts';
import { newId } from './device.ts';
import { useKioskText } from './texts.ts';

export type Icon = ComponentType<{ size?: number | string; stroke?: number | string; 'aria-hidden'?: boolean }>;

/** One task: what it is, the task, and what ends it. */
export function Screen({
  title,
  hint,
  back,
  children,
  foot,
  className,
}: {
  title: ReactNode;
  hint?: ReactNode;
  back?: (() => void) | undefined;
  children?: ReactNode;
  foot?: ReactNode;
  className?: string;
}) {
  const t = useKioskText();
  return (
    <section className={`k-screen ${className ?? ''}`}>
      <header className="k-title">
        {back ? (
          <button type="button" className="k-round" onClick={back} aria-label={t('kiosk.back')}>
            <IconArrowLeft size={34} aria-hidden />
          </button>
        ) : null}
        <div>
          <h1>{title}</h1>
          {hint ? <p className="k-hint">{hint}</p> : null}
        </div>
      </header>
      <div className="k-body">{children}</div>
      {foot ? <footer className="k-foot">{foot}</footer> : null}
    </section>
  );
}

type Look = 'main' | 'plain' | 'good' | 'bad' | 'quiet';

/** Something to press with a glove. A second press within half a second is the same press. */
export function Press({
  look = 'plain',
  icon: Glyph,
  children,
  sub,
  onPress,
  disabled,
  pressed,
  className,
}: {
  look?: Look;
  icon?: Icon | undefined;
  children?: ReactNode;
  sub?: ReactNode;
  onPress: () => unknown;
  disabled?: boolean | undefined;
  pressed?: boolean | undefined;
  className?: string;
}) {
  const last = useRef(0);
  return (
    <button
      type="button"
      className={`k-press k-${look} ${className ?? ''}`}
      disabled={disabled}
      aria-pressed={pressed}
      onClick={(event) => {
        if (event.timeStamp - last.current < 500 && look === 'main') return;
        last.current = event.timeStamp;
        onPress();
      }}
    >
      {Glyph ? <Glyph size={34} stroke={1.8} aria-hidden /> : null}
      <span className="k-press-text">
        {children}
        {sub ? <small>{sub}</small> : null}
      </span>
    </button>
  );
}

const keys = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Figures for gloves; `value` is what was pressed so far. */
export function NumberPad({
  value,
  onChange,
  decimals = true,
  sign = false,
}: {
  value: string;
  onChange: (value: string) => void;
  decimals?: boolean;
  sign?: boolean;
}) {
  const t = useKioskText();
  const press = (key: string) => {
    if (value.replace(/\D/g, '').length >= 9) return;
    if (key === '.' && value.includes('.')) return;
    onChange(value === '0' && key !== '.' ? key : value === '' && key === '.' ? '0.' : value + key);
  };
  const left = sign ? (
    <button
      type="button"
      className="k-key"
      onClick={() => onChange(value.startsWith('-') ? value.slice(1) : `-${value}`)}
      aria-label={t('kiosk.sign')}
    >
      ±
    </button>
  ) : (
    <button type="button" className="k-key k-soft" onClick={() => onChange('')}>
      C
    </button>
  );
  return (
    <div className={decimals ? 'k-pad' : 'k-pad k-whole'}>
      {keys.map((key) => (
        <button key={key} type="button" className="k-key" onClick={() => press(key)}>
          {key}
        </button>
      ))}
      {left}
      <button type="button" className="k-key" onClick={() => press('0')}>
        0
      </button>
      {decimals ? (
        <button type="button" className="k-key" onClick={() => press('.')}>
          .
        </button>
      ) : null}
      <button
        type="button"
        className="k-key k-soft"
        onClick={() => onChange(value.slice(0, -1))}
        aria-label={t('kiosk.erase')}
      >
        <IconBackspace size={32} aria-hidden />
      </button>
    </div>
  );
}

/** Big choices: pictures and words. */
export function Choices({ children, wide, fill }: { children: ReactNode; wide?: boolean; fill?: boolean }) {
  return <div className={`k-choices ${wide ? 'k-wide' : ''} ${fill ? 'k-fill' : ''}`}>{children}</div>;
}

const longestEdge = 1600;

/** A picture from the tablet's camera, made small enough to be sent over a poor network. */
async function shrink(file: File): Promise<Blob> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return file;
  const scale = Math.min(1, longestEdge / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? file), 'image/jpeg', 0.8));
}

export function PhotoTaker({ photos, onChange }: { photos: readonly Photo[]; onChange: (photos: Photo[]) => void }) {
  const t = useKioskText();
  const input = useRef<HTMLInputElement>(null);
  return (
    <div className="k-photos">
      {photos.map((photo) => (
        <Thumb key={photo.id} photo={photo} remove={() => onChange(photos.filter((p) => p !== photo))} />
      ))}
      {photos.length < 4 ? (
        <Press icon={IconCamera} onPress={() => input.current?.click()}>
          {t('kiosk.photo')}
        </Press>
      ) : null}
      <input
        ref={input}
        type="file"
        accept="image/*"
        capture="environment"
        hidden
        aria-label={t('kiosk.photo')}
        onChange={async (event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onChange([...photos, { id: newId(), blob: await shrink(file) }]);
        }}
      />
    </div>
  );
}

function Thumb({ photo, remove }: { photo: Photo; remove: () => void }) {
  const t = useKioskText();
  const [url, setUrl] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(photo.blob);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return (
    <button type="button" className="k-thumb" onClick={remove} aria-label={t('kiosk.removePhoto')}>
      {url ? <img src={url} alt="" /> : null}
      <IconX size={26} aria-hidden />
    </button>
  );
}

/** What a person may write, with phrases to press so that mostly nothing needs to be typed. */
export function Words({
  value,
  onChange,
  phrases = [],
  label,
}: {
  value: string;
  onChange: (value: string) => void;
  phrases?: readonly string[];
  label: string;
}) {
  return (
    <div className="k-words">
      {phrases.length > 0 ? (
        <div className="k-phrases">
          {phrases.map((phrase) => (
            <button
              key={phrase}
              type="button"
              className="k-phrase"
              aria-pressed={value.includes(phrase)}
              onClick={() =>
                onChange(
                  value.includes(phrase)
                    ? value.replace(phrase, '').replace(/^[, ]+|[, ]+$/g, '')
                    : value === ''
                      ? phrase
                      : `${value}, ${phrase}`,
                )
              }
            >
              {phrase}
            </button>
          ))}
        </div>
      ) : null}
      <textarea
        className="k-text"
        rows={2}
        value={value}
        maxLength={900}
        placeholder={label}
        aria-label={label}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </div>
  );
}

export function Done({ children }: { children: ReactNode }) {
  return (
    <p className="k-done" role="status">
      <IconCheck size={34} aria-hidden />
      {children}
    </p>
  );
}

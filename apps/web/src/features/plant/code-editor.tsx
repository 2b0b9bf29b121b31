import type { PlantProblem } from '@deungdae/contracts/api-entities.ts';
import { useElementSize } from '@mantine/hooks';
import { useImperativeHandle, useRef, useState } from 'react';
import { useText } from '../../i18n/i18n.ts';
import { indent, newLine, offsetOf, outdent, placeOf, type Selected, toggleComment } from './text-edits.ts';
import { yamlTokens } from './yaml-tokens.ts';

export const lineHeight = 20;
const drawnAround = 8;

export interface CodeEditorHandle {
  goTo(line: number, column?: number, length?: number): void;
  /** Chooses a stretch of the text and shows it, without taking the focus. */
  show(start: number, end: number): void;
}

interface Props {
  value: string;
  problems: readonly PlantProblem[];
  readOnly: boolean;
  onChange: (value: string) => void;
  onFind: () => void;
  onSave: () => void;
  handle: React.Ref<CodeEditorHandle>;
}

/** A text area with line numbers, colours and marks of problems; only the lines in sight are drawn. */
export function CodeEditor({ value, problems, readOnly, onChange, onFind, onSave, handle }: Props) {
  const t = useText();
  const area = useRef<HTMLTextAreaElement>(null);
  const { ref, height } = useElementSize();
  const [scroll, setScroll] = useState({ top: 0, left: 0 });
  const [caret, setCaret] = useState({ line: 1, column: 1 });
  const lines = value.split('\n');
  const first = Math.max(0, Math.floor(scroll.top / lineHeight) - drawnAround);
  const last = Math.min(lines.length, Math.ceil((scroll.top + height) / lineHeight) + drawnAround);
  const byLine = new Map(problems.map((p) => [p.line, p]));

  const select = (start: number, end: number, focus: boolean) => {
    const field = area.current;
    if (!field) return;
    field.setSelectionRange(start, end);
    if (focus) field.focus();
    const { line } = placeOf(value, start);
    field.scrollTop = Math.max(0, (line - 1) * lineHeight - height / 2);
    setCaret(placeOf(value, start));
  };
  useImperativeHandle(handle, () => ({
    goTo: (line, column = 1, length = 0) => {
      const start = offsetOf(value, line, column);
      select(start, start + length, true);
    },
    show: (start, end) => select(start, end, false),
  }));

  /** Through the browser's own editing where it can, so that undo knows of it. */
  const apply = (change: (selected: Selected) => Selected) => {
    const field = area.current;
    if (!field || readOnly) return;
    const next = change({ text: value, start: field.selectionStart, end: field.selectionEnd });
    let from = 0;
    while (from < value.length && value[from] === next.text[from]) from++;
    let cut = 0;
    while (
      cut < value.length - from &&
      cut < next.text.length - from &&
      value[value.length - 1 - cut] === next.text[next.text.length - 1 - cut]
    )
      cut++;
    field.setSelectionRange(from, value.length - cut);
    const inserted = next.text.slice(from, next.text.length - cut);
    const done = inserted === '' ? document.execCommand('delete') : document.execCommand('insertText', false, inserted);
    if (!done) onChange(next.text);
    field.setSelectionRange(next.start, next.end);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const command = event.ctrlKey || event.metaKey;
    const act = (work: () => void) => {
      event.preventDefault();
      work();
    };
    if (event.nativeEvent.isComposing) return;
    // Escape, then Tab, leaves the field: a keyboard must not be caught in it.
    if (event.key === 'Tab' && !leaving.current) act(() => apply(event.shiftKey ? outdent : indent));
    leaving.current = event.key === 'Escape';
    if (event.key === 'Enter' && !command) act(() => apply(newLine));
    if (command && event.key === '/') act(() => apply(toggleComment));
    if (command && event.key === 'f') act(onFind);
    if (command && event.key === 's') act(onSave);
  };
  const leaving = useRef(false);
  const digits = String(lines.length).length;
  return (
    <div className="code-editor" ref={ref}>
      <div className="code-gutter" aria-hidden style={{ width: `${digits + 3}ch` }}>
        <div style={{ transform: `translateY(${first * lineHeight - scroll.top}px)` }}>
          {lines.slice(first, last).map((_, i) => {
            const line = first + i + 1;
            return (
              <div
                key={line}
                className={`${line === caret.line ? 'here' : ''}${byLine.has(line) ? ' wrong' : ''}`}
                title={byLine.get(line)?.message}
              >
                {line}
              </div>
            );
          })}
        </div>
      </div>
      <div className="code-body">
        <div
          className="code-lines"
          aria-hidden
          style={{ transform: `translate(${-scroll.left}px, ${first * lineHeight - scroll.top}px)` }}
        >
          {lines.slice(first, last).map((text, i) => {
            const line = first + i + 1;
            return (
              <div key={line} className={`${line === caret.line ? 'here' : ''}${byLine.has(line) ? ' wrong' : ''}`}>
                {yamlTokens(text).map((token, n) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one line have no other name
                  <span key={n} className={token.kind}>
                    {token.text}
                  </span>
                ))}
                {'\u200b'}
              </div>
            );
          })}
        </div>
        <textarea
          ref={area}
          aria-label={t('plant.editor')}
          value={value}
          readOnly={readOnly}
          spellCheck={false}
          autoCapitalize="off"
          autoCorrect="off"
          wrap="off"
          onChange={(event) => onChange(event.currentTarget.value)}
          onScroll={(event) => setScroll({ top: event.currentTarget.scrollTop, left: event.currentTarget.scrollLeft })}
          onSelect={(event) => setCaret(placeOf(value, event.currentTarget.selectionStart))}
          onKeyDown={onKey}
        />
      </div>
      <span className="code-place">{t('plant.place', { line: caret.line, column: caret.column })}</span>
    </div>
  );
}

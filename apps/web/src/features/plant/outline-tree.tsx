import { useDeferredValue, useMemo } from 'react';
import { type TextKey, useText } from '../../i18n/i18n.ts';
import { outlineOf } from './outline.ts';

/** The file's parts on the left; pressing one goes to its line. */
export function OutlineTree({ text, goTo }: { text: string; goTo: (line: number) => void }) {
  const t = useText();
  const late = useDeferredValue(text);
  const nodes = useMemo(() => outlineOf(late), [late]);
  return (
    <nav className="outline panel" aria-label={t('plant.outline')}>
      <ul>
        {nodes.map((node) => (
          <li key={`${node.line}${node.name}`}>
            <button
              type="button"
              style={{ paddingLeft: 10 + node.depth * 14 }}
              className={node.kind === 'section' ? 'section' : ''}
              onClick={() => goTo(node.line)}
            >
              {node.kind === 'section' ? t(`outline.${node.name}` as TextKey) : node.name}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

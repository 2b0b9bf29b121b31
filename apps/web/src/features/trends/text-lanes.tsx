import type { SignalInfo } from '@deungdae/contracts/api-entities.ts';
import { useLanguage } from '../../i18n/i18n.ts';
import { plantText } from '../../ui/text.ts';
import { type TrendSeries, textBands } from './align.ts';
import type { View } from './view.ts';

/** Text signals as bands below the curves, on the same time axis: which program, which mode, when. */
export function TextLanes({
  signals,
  series,
  view,
  plot,
  hidden,
  now,
}: {
  signals: readonly SignalInfo[];
  series: ReadonlyMap<number, TrendSeries>;
  view: View;
  plot: { left: number; width: number };
  hidden: ReadonlySet<string>;
  now: number;
}) {
  const language = useLanguage();
  const scale = plot.width / (view.to - view.from);
  return (
    <div className="text-lanes" style={{ marginLeft: plot.left, width: plot.width }}>
      {signals
        .filter((signal) => !hidden.has(signal.path))
        .map((signal) => {
          const found = series.get(signal.id);
          const bands = found ? textBands(found, Math.min(now, view.to) * 1000) : [];
          return (
            <div key={signal.id} className="text-lane">
              <span className="text-lane-name">{plantText(signal.name, language)}</span>
              {bands.map((band) => {
                const from = Math.max(view.from, band.from / 1000);
                const to = Math.min(view.to, band.to / 1000);
                if (to <= from) return null;
                const text = plantText(signal.enumeration?.[band.text] ?? band.text, language);
                return (
                  <span
                    key={band.from}
                    className={`text-band tone-${toneOf(band.text)}`}
                    style={{ left: (from - view.from) * scale, width: Math.max(1, (to - from) * scale - 1) }}
                    title={text}
                  >
                    {text}
                  </span>
                );
              })}
            </div>
          );
        })}
    </div>
  );
}

/** One of six greys by the text itself, so that the same program looks the same everywhere. */
function toneOf(text: string): number {
  let hash = 0;
  for (const character of text) hash = (hash * 31 + character.charCodeAt(0)) | 0;
  return Math.abs(hash) % 6;
}

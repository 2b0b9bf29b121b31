import type { OeeReport } from '@deungdae/contracts/api-entities.ts';
import { IconFlag } from '@tabler/icons-react';
import { unknownFigure, useFormats } from '../../i18n/format.ts';
import { type TextKey, useText } from '../../i18n/i18n.ts';
import { AgainstTarget, Figure, ShareBar } from '../../ui/figure.tsx';

type Report = OeeReport;

/** OEE and the three ratios it is made of, each with what was divided; `target` is the OEE aimed at, 0 to 1. */
export function OeeFigures({ report, target }: { report: Report; target: number | null }) {
  const t = useText();
  const f = useFormats();
  const parts = [
    {
      key: 'availability',
      ratio: report.availability,
      of: t('oee.of.availability', {
        a: f.duration(report.availability.numerator),
        b: f.duration(report.availability.denominator),
      }),
    },
    {
      key: 'effectiveness',
      ratio: report.effectiveness,
      of: t('oee.of.effectiveness', {
        a: f.duration(report.effectiveness.numerator),
        b: f.duration(report.effectiveness.denominator),
      }),
    },
    {
      key: 'quality',
      ratio: report.qualityRatio,
      of: t('oee.of.quality', { a: f.number(report.counts.good, 0), b: f.number(report.counts.produced, 0) }),
    },
  ] as const;
  const value = report.oee.value;
  return (
    <section className="panel oee-figures">
      <dl className="figures">
        <Figure
          size="large"
          label={t('oee.oee')}
          value={f.percent(value)}
          unit="%"
          note={
            <>
              <ShareBar share={value} target={target} />
              <AgainstTarget value={value} target={target} />
            </>
          }
        />
        {parts.map((part) => (
          <Figure
            key={part.key}
            size="large"
            label={`${t(`oee.${part.key}`)}`}
            value={f.percent(part.ratio.value)}
            unit="%"
            note={part.of}
          />
        ))}
        <Figure size="large" label="NEE" value={f.percent(report.nee.value)} unit="%" note={t('oee.neeHelp')} />
      </dl>
      {report.flags.length > 0 ? (
        <ul className="oee-flags">
          {report.flags.map((flag) => (
            <li key={flag}>
              <IconFlag size={15} aria-hidden /> {t(`flag.${flag}`)}
            </li>
          ))}
        </ul>
      ) : null}
      {Object.keys(report.kpis).length > 0 ? (
        <details className="oee-kpis">
          <summary>{t('oee.moreKpis')}</summary>
          <dl>
            {Object.entries(report.kpis).map(([name, ratio]) => (
              <div key={name}>
                <dt>{kpiName(name, t)}</dt>
                <dd>
                  <strong>
                    {name.endsWith('Ms')
                      ? ratio.value === null
                        ? unknownFigure
                        : f.duration(ratio.value)
                      : f.percent(ratio.value)}
                  </strong>
                  <span className="unit">{name.endsWith('Ms') ? '' : '%'}</span>
                </dd>
              </div>
            ))}
          </dl>
        </details>
      ) : null}
    </section>
  );
}

/** The ISO 22400 set is open-ended; a KPI without a text of ours stands under its own name. */
function kpiName(name: string, t: ReturnType<typeof useText>): string {
  const key = `kpi.${name}` as TextKey;
  const text = t(key);
  return text === key ? name : text;
}

import type { Capability, SpcChart } from '@deungdae/contracts/quality.ts';
import { useElementSize } from '@mantine/hooks';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { digitsFor, scaleOf } from './scale.ts';

const height = 190;

/** Histogram with the specification and the normal curve, and the figures beside it. */
export function CapabilityPanel({ chart, capability }: { chart: SpcChart; capability: Capability }) {
  const t = useText();
  const f = useFormats();
  const c = capability;
  const figure = (v: number | null | undefined) => (v === null || v === undefined ? '–' : v.toFixed(2));
  const digits = digitsFor(0, c.overallSigma * 6) + 1;
  return (
    <section className="panel" aria-label={t('quality.capability')}>
      <div className="panel-head">
        <h2>{t('quality.capability')}</h2>
        <span className="muted small">{t('quality.capabilityOf', { n: c.n })}</span>
      </div>
      <div className="panel-body capability">
        <Histogram chart={chart} capability={c} />
        <table className="grid figure-table">
          <thead>
            <tr>
              <th />
              <th className="num">{t('quality.within')}</th>
              <th className="num">{t('quality.overall')}</th>
            </tr>
          </thead>
          <tbody>
            {(['twoSided', 'worst', 'upper', 'lower'] as const).map((key) => (
              <tr key={key}>
                <td>{t(`quality.figure.${key}`)}</td>
                <td className="num">{figure(c.within?.[key])}</td>
                <td className={`num${key === 'worst' && (c.overall.worst ?? 9) < 1.33 ? ' bad' : ''}`}>
                  {figure(c.overall[key])}
                </td>
              </tr>
            ))}
            <tr>
              <td>σ</td>
              <td className="num">{f.number(c.withinSigma, digits)}</td>
              <td className="num">{f.number(c.overallSigma, digits)}</td>
            </tr>
            <tr>
              <td>{t('quality.meanValue')}</td>
              <td className="num" colSpan={2}>
                {f.number(c.mean, digits)}
              </td>
            </tr>
            <tr>
              <td>{t('quality.outside')}</td>
              <td className="num" colSpan={2}>
                {t('quality.outsideCount', { below: c.outside.below, above: c.outside.above })}
              </td>
            </tr>
          </tbody>
        </table>
        <div className="small muted capability-notes">
          <p>{t('quality.method', { method: t(`quality.sigma.${sigmaName(c.withinMethod)}`) })}</p>
          {c.gate ? <p className="gate">{t(`quality.gate.${c.gate}`)}</p> : null}
          {c.normality ? (
            <p>
              {t(c.normality.rejected ? 'quality.notNormal' : 'quality.normalOk', {
                p: c.normality.p === null ? '–' : c.normality.p.toFixed(3),
              })}
            </p>
          ) : null}
          {c.nonNormal ? (
            <p>
              {t('quality.nonNormal', {
                distribution: t(`quality.distribution.${distributionName(c.nonNormal.distribution)}`),
                pp: figure(c.nonNormal.figures.twoSided),
                ppk: figure(c.nonNormal.figures.worst),
              })}
            </p>
          ) : null}
        </div>
      </div>
    </section>
  );
}

function sigmaName(method: string) {
  return (['movingRange', 'range', 'sBar', 'pooled'] as const).find((m) => m === method) ?? 'pooled';
}
function distributionName(name: string) {
  return (['lognormal', 'weibull', 'exponential'] as const).find((d) => d === name) ?? 'lognormal';
}

function Histogram({ chart, capability }: { chart: SpcChart; capability: Capability }) {
  const t = useText();
  const f = useFormats();
  const { ref, width: measured } = useElementSize();
  const width = Math.max(260, measured);
  const { histogram: bars, mean, overallSigma } = capability;
  const specs = [chart.lower, chart.nominal, chart.upper].filter((v): v is number => v !== null);
  const edges = [bars[0]!.from, bars.at(-1)!.to, mean - 3 * overallSigma, mean + 3 * overallSigma];
  const x = scaleOf([...edges, ...specs], width - 20, false);
  const at = (v: number) => 10 + x.at(v);
  const most = Math.max(...bars.map((b) => b.count));
  const barWidth = bars[0]!.to - bars[0]!.from;
  const density = (v: number) =>
    (capability.n * barWidth * Math.exp(-0.5 * ((v - mean) / overallSigma) ** 2)) /
    (overallSigma * Math.sqrt(2 * Math.PI));
  const tallest = Math.max(most, density(mean));
  const up = (count: number) => height - 22 - (count / tallest) * (height - 44);
  const curve = Array.from({ length: 81 }, (_, i) => mean + overallSigma * (i / 10 - 4))
    .map((v, i) => `${i === 0 ? 'M' : 'L'}${at(v)},${up(density(v))}`)
    .join('');
  const digits = digitsFor(x.low, x.high);
  const names = { LSL: chart.lower, [t('quality.nominal')]: chart.nominal, USL: chart.upper };
  return (
    <div ref={ref} className="histogram">
      <svg width={width} height={height} role="img" aria-label={t('quality.histogram')}>
        {bars.map((b) => (
          <rect
            key={b.from}
            className="bar"
            x={at(b.from) + 0.5}
            width={Math.max(1, at(b.to) - at(b.from) - 1)}
            y={up(b.count)}
            height={height - 22 - up(b.count)}
          />
        ))}
        <path className="curve" d={curve} />
        {Object.entries(names).map(([name, value]) =>
          value === null ? null : (
            <g key={name} className="spec">
              <line x1={at(value)} x2={at(value)} y1={16} y2={height - 22} />
              <text x={at(value)} y={12} textAnchor="middle">
                {name}
              </text>
              <text x={at(value)} y={height - 6} textAnchor="middle">
                {f.number(value, digits)}
              </text>
            </g>
          ),
        )}
      </svg>
    </div>
  );
}

import type { MeasurementStudy } from '@deungdae/contracts/quality.ts';
import { useFormats } from '../../i18n/format.ts';
import { useText } from '../../i18n/i18n.ts';
import { unitText } from '../../i18n/units.ts';
import { Figure } from '../../ui/figure.tsx';
import { findingsOf } from './agreement-words.ts';

interface Shares {
  ev: number;
  av: number;
  grr: number;
  pv: number;
}
/** What the report reads of a gage study's result; the API gives it as it was stored. */
interface GageResult extends Shares {
  method: 'range' | 'anova';
  tv: number;
  study: Shares;
  contribution: Shares;
  tolerance: number | null;
  ndc: number;
  ndcExact: number;
  verdict: 'accept' | 'conditional' | 'reject';
  alpha?: number;
  pooled?: boolean;
  constants?: { k1: number; k2: number; k3: number };
  table?: { source: string; df: number; ss: number; ms: number | null; f: number | null; p: number | null }[];
  outOfControl: { part: number; operator: number; range: number }[];
  rangeLimit: number;
}
interface Share {
  agreed: number;
  of: number;
}
interface AttributeResult {
  appraisers: {
    within: Share;
    againstReference: Share | null;
    miss: Share | null;
    falseAlarm: Share | null;
    withinCohen: number | null;
    withinFleiss: number | null;
    referenceCohen: number | null;
  }[];
  between: Share;
  betweenRight: Share | null;
  betweenFleiss: number | null;
  pairs: { a: number; b: number; cohen: number | null }[];
}

export function StudyReport({ study }: { study: MeasurementStudy }) {
  const t = useText();
  const f = useFormats();
  return (
    <section className="panel" aria-label={study.name}>
      <div className="panel-head">
        <h2>{study.name}</h2>
        <span className="muted small">
          {[
            study.number,
            t(`quality.studyKind.${study.kind}`),
            study.gauge,
            f.day(study.createdAt / 1000),
            study.createdBy,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      {study.kind === 'attribute' ? (
        <Attribute study={study} result={study.result as unknown as AttributeResult} />
      ) : (
        <Gage study={study} result={study.result as unknown as GageResult} />
      )}
      {study.warnings.length > 0 ? (
        <ul className="panel-body warnings">
          {study.warnings.map((w) => (
            <li key={w}>{t(`quality.warning.${warningName(w)}`)}</li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function warningName(code: string) {
  return (['fewParts', 'rangeOutOfControl', 'noResolution'] as const).find((w) => w === code) ?? 'fewParts';
}

function Gage({ study, result: r }: { study: MeasurementStudy; result: GageResult }) {
  const t = useText();
  const f = useFormats();
  const rows = ['ev', 'av', 'grr', 'pv'] as const;
  const digits = 5;
  return (
    <div className="panel-body stack">
      <dl className="figure-row">
        <Figure
          label="%GRR"
          value={f.percent(r.study.grr)}
          unit="%"
          size="large"
          tone={r.verdict === 'reject' ? 'bad' : undefined}
        />
        <Figure
          label="ndc"
          value={r.ndc}
          size="large"
          tone={r.ndc < 5 ? 'bad' : undefined}
          note={f.number(r.ndcExact, 2)}
        />
        {r.tolerance === null ? null : (
          <Figure label={t('quality.ofTolerance')} value={f.percent(r.tolerance)} unit="%" size="large" />
        )}
        <Figure label={t('quality.verdictName')} value={t(`quality.grr.${r.verdict}`)} size="large" />
      </dl>
      <div className="study-tables">
        <table className="grid figure-table">
          <thead>
            <tr>
              <th />
              <th className="num">σ</th>
              <th className="num">{t('quality.ofStudy')}</th>
              <th className="num">{t('quality.contribution')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((key) => (
              <tr key={key}>
                <td>{t(`quality.component.${key}`)}</td>
                <td className="num">{f.number(r[key], digits)}</td>
                <td className="num">{f.percent(r.study[key], 2)}</td>
                <td className="num">{f.percent(r.contribution[key], 2)}</td>
              </tr>
            ))}
            <tr>
              <td>{t('quality.component.tv')}</td>
              <td className="num">{f.number(r.tv, digits)}</td>
              <td className="num">100</td>
              <td className="num">100</td>
            </tr>
          </tbody>
        </table>
        {r.table ? <AnovaTable rows={r.table} /> : null}
      </div>
      <PartChart study={study} />
      <p className="small muted">
        {r.method === 'anova'
          ? t(r.pooled ? 'quality.anovaPooled' : 'quality.anovaNotPooled', { alpha: r.alpha ?? 0.05 })
          : t('quality.rangeMethod', { k1: r.constants?.k1 ?? 0, k2: r.constants?.k2 ?? 0, k3: r.constants?.k3 ?? 0 })}
      </p>
      {r.outOfControl.map((c) => (
        <p key={`${c.part}${c.operator}`} className="small bad">
          {t('quality.rangeOut', {
            part: study.parts[c.part] ?? '',
            operator: study.operators[c.operator] ?? '',
            range: f.number(c.range, 3),
            limit: f.number(r.rangeLimit, 3),
          })}
        </p>
      ))}
    </div>
  );
}

function AnovaTable({ rows }: { rows: NonNullable<GageResult['table']> }) {
  const t = useText();
  const f = useFormats();
  const sources = ['part', 'operator', 'interaction', 'repeatability', 'total'] as const;
  return (
    <table className="grid figure-table">
      <thead>
        <tr>
          <th>{t('quality.anovaSource')}</th>
          <th className="num">DF</th>
          <th className="num">SS</th>
          <th className="num">MS</th>
          <th className="num">F</th>
          <th className="num">p</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.source}>
            <td>{t(`quality.anova.${sources.find((s) => s === row.source) ?? 'total'}`)}</td>
            <td className="num">{row.df}</td>
            <td className="num">{f.number(row.ss, 4)}</td>
            <td className="num">{row.ms === null ? '' : f.number(row.ms, 5)}</td>
            <td className="num">{row.f === null ? '' : f.number(row.f, 3)}</td>
            <td className="num">{row.p === null ? '' : row.p < 0.0005 ? '< 0.001' : f.number(row.p, 3)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const left = 56;
const width = 640;
const height = 170;

/** Each operator's mean of each part: lines on one another mean agreement. */
function PartChart({ study }: { study: MeasurementStudy }) {
  const t = useText();
  const f = useFormats();
  const means = study.operators.map((_, o) =>
    study.values.map((part) => part[o]!.reduce((sum: number, v) => sum + (v ?? 0), 0) / study.trials),
  );
  const low = Math.min(...means.flat());
  const high = Math.max(...means.flat());
  const x = (i: number) => left + (i * (width - left - 20)) / Math.max(1, study.parts.length - 1);
  const y = (v: number) => 14 + (1 - (v - low) / (high - low || 1)) * (height - 44);
  const dashes = ['', '6 3', '2 3', '8 3 2 3'];
  const digits = high - low < 0.1 ? 4 : high - low < 10 ? 2 : 0;
  return (
    <figure className="part-figure">
      <figcaption className="small muted">
        {t('quality.partChart')}
        {study.unit ? ` (${unitText(study.unit)})` : ''}
      </figcaption>
      <svg className="part-chart" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('quality.partChart')}>
        {[low, (low + high) / 2, high].map((v) => (
          <g key={v}>
            <line className="grid-line" x1={left - 6} x2={width - 12} y1={y(v)} y2={y(v)} />
            <text x={left - 12} y={y(v) + 4} textAnchor="end">
              {f.number(v, digits)}
            </text>
          </g>
        ))}
        {means.map((line, o) => (
          <polyline
            key={study.operators[o]}
            strokeDasharray={dashes[o % dashes.length]}
            points={line.map((v, i) => `${x(i)},${y(v)}`).join(' ')}
          />
        ))}
        {study.parts.map((part, i) => (
          <text key={part} x={x(i)} y={height - 16} textAnchor="middle">
            {part}
          </text>
        ))}
        <text x={left} y={height - 2}>
          {study.operators.map((o, i) => `${['──', '╌╌', '┈┈', '─·'][i % 4]} ${o}`).join('   ')}
        </text>
      </svg>
    </figure>
  );
}

function Attribute({ study, result }: { study: MeasurementStudy; result: AttributeResult }) {
  const t = useText();
  const f = useFormats();
  const share = (s: Share | null) =>
    s === null || s.of === 0 ? '–' : `${f.percent(s.agreed / s.of)} % (${s.agreed}/${s.of})`;
  const kappa = (k: number | null) => (k === null ? t('quality.undefined') : f.number(k, 3));
  return (
    <div className="panel-body stack">
      <div className="table-scroll">
        <table className="grid figure-table">
          <thead>
            <tr>
              <th>{t('quality.appraiser')}</th>
              <th className="num">{t('quality.withinAppraiser')}</th>
              <th className="num">{t('quality.effectivenessRate')}</th>
              <th className="num">{t('quality.missRate')}</th>
              <th className="num">{t('quality.falseAlarmRate')}</th>
              <th className="num">{t('quality.kappaReference')}</th>
              <th className="num">{t('quality.kappaWithin')}</th>
            </tr>
          </thead>
          <tbody>
            {result.appraisers.map((a, i) => (
              <tr key={study.operators[i]}>
                <td>{study.operators[i]}</td>
                <td className="num">{share(a.within)}</td>
                <td className="num">{share(a.againstReference)}</td>
                <td className="num">{share(a.miss)}</td>
                <td className="num">{share(a.falseAlarm)}</td>
                <td className="num">{kappa(a.referenceCohen)}</td>
                <td className="num">{kappa(a.withinFleiss)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dl className="figure-row">
        <Figure label={t('quality.betweenAll')} value={share(result.between)} />
        <Figure label={t('quality.betweenRight')} value={share(result.betweenRight)} />
        <Figure label={t('quality.kappaBetween')} value={kappa(result.betweenFleiss)} />
        {result.pairs.map((p) => (
          <Figure
            key={`${p.a}${p.b}`}
            label={`${t('quality.kappaCohen')} ${study.operators[p.a]} – ${study.operators[p.b]}`}
            value={kappa(p.cohen)}
          />
        ))}
      </dl>
      <ul aria-label={t('quality.verdictName')}>
        {findingsOf(result).map((finding) => (
          <li key={finding.kind}>
            {'who' in finding ? <strong>{finding.who.map((i) => study.operators[i]).join(', ')}: </strong> : null}
            {t(`quality.agreement.${finding.kind}`)}
          </li>
        ))}
      </ul>
      <p className="small muted">{t('quality.kappaText')}</p>
    </div>
  );
}

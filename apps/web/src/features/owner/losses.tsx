import type { OwnerDay, OwnerLoss } from '@deungdae/contracts/owner.ts';
import { Link } from '@tanstack/react-router';
import { useFormats } from '../../i18n/format.ts';
import { useLanguage, useText } from '../../i18n/i18n.ts';
import { ShareBar } from '../../ui/figure.tsx';
import { plantText } from '../../ui/text.ts';

/** The three dearest losses of the day: what, where, how much, whether it comes back, and what to do. */
export function Losses({ day }: { day: OwnerDay }) {
  const t = useText();
  const f = useFormats();
  const { losses, lossesWon } = day;
  return (
    <section className="panel" aria-label={t('owner.fix')}>
      <div className="panel-head">
        <h2>{t('owner.fix')}</h2>
        {lossesWon ? (
          <span className="muted small">{t('owner.fixHelp', { won: f.short(Math.round(lossesWon)) })}</span>
        ) : null}
      </div>
      {losses.length === 0 ? (
        <p className="panel-body muted">{t(lossesWon === null ? 'owner.fixUnknown' : 'owner.fixNone')}</p>
      ) : (
        <ol className="owner-losses">
          {losses.map((loss) => (
            <LossRow key={`${loss.kind} ${loss.machine} ${loss.item} ${loss.reason}`} loss={loss} day={day} />
          ))}
        </ol>
      )}
    </section>
  );
}

function LossRow({ loss, day }: { loss: OwnerLoss; day: OwnerDay }) {
  const t = useText();
  const f = useFormats();
  const language = useLanguage();
  const { kind, reason } = loss;
  const nameless = { downtime: t('owner.noReason'), defect: t('owner.noDefect'), setup: '' }[kind];
  const what = loss.reasonName ? plantText(loss.reasonName, language) : nameless;
  const unnamed = { downtime: 'owner.do.noReason', defect: 'owner.do.noDefect', setup: 'owner.do.setup' } as const;
  const advice = reason === null ? unnamed[kind] : (`owner.do.${kind}` as const);
  const size = f.number(loss.quantity, 0);
  return (
    <li>
      <div className="owner-loss-won">
        <strong>{f.short(Math.round(loss.won))}</strong>
        <span className="unit">{t('owner.won')}</span>
        <ShareBar share={loss.share} />
        <span className="small muted">{t('owner.lossShare', { share: f.percent(loss.share, 0) })}</span>
      </div>
      <div>
        <h3>
          {t(`owner.loss.${kind}`)}
          {what ? ` · ${what}` : ''}
        </h3>
        <p>
          {[loss.itemName, loss.machineName ? plantText(loss.machineName, language) : null].filter(Boolean).join(' · ')}{' '}
          · {t(kind === 'defect' ? 'owner.lostPieces' : 'owner.lostMinutes', { n: size })}
        </p>
        <p className="small muted">
          {loss.daysBefore > 0
            ? t('owner.again', { days: loss.daysBefore, won: f.short(Math.round(loss.wonBefore)) })
            : t('owner.firstTime')}
        </p>
        <p className="owner-do">
          {t(advice)}{' '}
          <span className="no-print">
            {kind === 'defect' ? (
              <Link to="/quality" search={{ tab: 'nonconformities' } as never}>
                {t('owner.next.defect')}
              </Link>
            ) : (
              <Link
                to="/oee"
                search={
                  {
                    path: loss.machine ?? undefined,
                    reason: kind === 'downtime' ? (reason ?? 'none') : undefined,
                    from: day.from / 1000,
                    to: day.to / 1000,
                  } as never
                }
              >
                {t(`owner.next.${kind}`)}
              </Link>
            )}
          </span>
        </p>
      </div>
    </li>
  );
}

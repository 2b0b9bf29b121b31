import type { Inspection } from '@deungdae/contracts/inspection.ts';
import { IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import { useText } from '../../i18n/i18n.ts';

export const qualityKey = 'quality';

/** Verdict by sign and word; colour only where something is wrong. */
export function Verdict({ inspection }: { inspection: Pick<Inspection, 'verdict' | 'status'> }) {
  const t = useText();
  const { verdict, status } = inspection;
  if (verdict === null)
    return (
      <span className="verdict">
        <IconMinus size={15} aria-hidden /> {t(`quality.status.${status}`)}
      </span>
    );
  const Icon = verdict === 'rejected' ? IconX : IconCheck;
  return (
    <span className={`verdict verdict-${verdict}`}>
      <Icon size={15} aria-hidden /> {t(`quality.verdict.${verdict}`)}
    </span>
  );
}

/** Pictures of documents, large enough to compare a part with. */
export function Pictures({ ids, alt }: { ids: readonly string[]; alt: string }) {
  if (ids.length === 0) return null;
  return (
    <div className="pictures">
      {ids.map((id) => (
        <a key={id} href={`/api/documents/${id}`} target="_blank" rel="noreferrer">
          <img src={`/api/documents/${id}`} alt={alt} loading="lazy" />
        </a>
      ))}
    </div>
  );
}

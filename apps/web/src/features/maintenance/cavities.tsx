import type { ToolCard } from '@deungdae/contracts/maintenance.ts';
import { useText } from '../../i18n/i18n.ts';

/** The cavities by number; a blocked one is red and struck through. With `toggle` each is a button. */
export function Cavities({ card, toggle }: { card: ToolCard; toggle?: (cavity: number, blocked: boolean) => void }) {
  const t = useText();
  const numbers = Array.from({ length: card.cavities }, (_, i) => i + 1);
  return (
    <span className="cavities">
      {numbers.map((n) => {
        const blocked = card.blockedCavities.includes(n);
        const label = t(blocked ? 'maintenance.cavityBlocked' : 'maintenance.cavityOpen', { n });
        return toggle ? (
          <button
            key={n}
            type="button"
            className={blocked ? 'blocked' : ''}
            title={label}
            aria-label={label}
            onClick={() => toggle(n, blocked)}
          >
            {n}
          </button>
        ) : (
          <span key={n} className={blocked ? 'blocked' : ''} title={label}>
            {n}
          </span>
        );
      })}
    </span>
  );
}

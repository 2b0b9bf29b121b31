import { IconPlugConnectedX } from '@tabler/icons-react';
import { useFormats } from '../i18n/format.ts';
import { useText } from '../i18n/i18n.ts';
import { useLiveStatus } from '../live/use-live.ts';
import { useNow } from '../ui/use-now.ts';

/** A short break is nothing to tell; past it the page says that its values are old, and how old. */
const toleratedMs = 8000;

export function LiveBanner() {
  const t = useText();
  const { duration } = useFormats();
  const status = useLiveStatus();
  const now = useNow(1000);
  const age = now - status.lastFrameAt;
  if (status.lastFrameAt === 0 ? status.connected || performance.now() < toleratedMs : age < toleratedMs) return null;
  return (
    <div className="live-banner" role="status">
      <IconPlugConnectedX size={18} aria-hidden />
      {status.lastFrameAt === 0 ? t('live.never') : t('live.stale', { duration: duration(age) })}
    </div>
  );
}

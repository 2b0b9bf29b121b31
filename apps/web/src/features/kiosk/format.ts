import { useMemo } from 'react';
import { unitText as officeUnit } from '../../i18n/units.ts';
import { useKioskTexts } from './texts.ts';
import { useSnapshot } from './use-kiosk.ts';

const locales: Record<string, string> = { ko: 'ko-KR', en: 'en-GB', vi: 'vi-VN', uz: 'uz-Latn-UZ' };

/** Numbers and times as the reader of the screen writes them; times in the plant's zone, whatever the tablet's is set to. */
export function useKioskFormats() {
  const { language, t } = useKioskTexts();
  const timeZone = useSnapshot().state?.timeZone;
  return useMemo(() => {
    const locale = locales[language] ?? language;
    const zone = timeZone ? { timeZone } : {};
    const numbers = new Intl.NumberFormat(locale, { maximumFractionDigits: 4 });
    const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone });
    const day = new Intl.DateTimeFormat(locale, { month: 'numeric', day: 'numeric', weekday: 'short', ...zone });
    return {
      number: (value: number | null | undefined) =>
        typeof value === 'number' && Number.isFinite(value) ? numbers.format(value) : '–',
      time: (ms: number) => clock.format(ms),
      day: (ms: number) => day.format(ms),
      /** In minutes; hours from two on. */
      duration: (ms: number) => {
        const minutes = Math.max(0, Math.round(ms / 60_000));
        return minutes < 120
          ? t('kiosk.minutes', { n: minutes })
          : t('kiosk.hours', { h: Math.floor(minutes / 60), m: minutes % 60 });
      },
    };
  }, [language, t, timeZone]);
}

/** As in the office, but pieces are not said beside every figure. */
export function unitText(unit: string | null | undefined): string {
  return unit === '{pcs}' ? '' : officeUnit(unit);
}

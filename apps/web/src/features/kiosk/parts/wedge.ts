import { hasHangul, keysOfHangul } from './hangul-keys.ts';

/** What the decoder wants to know of a keydown event. */
export interface Key {
  /** `event.key` */
  key: string;
  /** `event.code`: the physical key, whatever the input method makes of it. */
  code: string;
  shift: boolean;
  ctrl: boolean;
  /** Caps lock on. */
  caps: boolean;
  /** ms */
  time: number;
}

/** Slowest pause inside one scan; Bluetooth scanners reach 50 ms, people's shortest pauses are about 80 ms. */
const longestGapMs = 110;
/** Slowest mean of a scan. */
const slowestMeanMs = 55;
const shortest = 3;
const longest = 200;
const punctuation: Record<string, [string, string]> = {
  ...{ Minus: ['-', '_'], Equal: ['=', '+'], BracketLeft: ['[', '{'], BracketRight: [']', '}'] },
  ...{ Backslash: ['\\', '|'], Semicolon: [';', ':'], Quote: ["'", '"'], Comma: [',', '<'], Period: ['.', '>'] },
  ...{ Slash: ['/', '?'], Backquote: ['`', '~'], Space: [' ', ' '] },
};
const shiftedDigits = ')!@#$%^&*(';

/**
 * Tells a scanner or RFID reader that types (keyboard wedge) from a person at a keyboard: at least three characters,
 * faster than fingers, ended by Enter or Tab. Works with the Korean input method on.
 */
export class WedgeDecoder {
  #typed: { text: string; from: number; last: number; count: number } | null = null;

  /** Feeds one key; gives the scanned text when this key ended a scan. */
  key(event: Key): string | null {
    const typed = this.#typed;
    const late = typed !== null && event.time - typed.last > longestGapMs;
    if (event.key === 'Enter' || event.key === 'Tab') {
      this.#typed = null;
      if (!typed || late || typed.count < shortest) return null;
      const mean = (typed.last - typed.from) / (typed.count - 1);
      return mean <= slowestMeanMs ? cleaned(typed.text) : null;
    }
    const text = characterOf(event);
    if (text === null) return null;
    if (!typed || late) {
      this.#typed = { text, from: event.time, last: event.time, count: 1 };
      return null;
    }
    if (typed.count >= longest) {
      this.#typed = null;
      return null;
    }
    typed.text += text;
    typed.last = event.time;
    typed.count++;
    return null;
  }

  /** Characters of what may become a scan: so many were typed too fast for fingers. */
  get pending(): number {
    return this.#typed?.count ?? 0;
  }

  reset(): void {
    this.#typed = null;
  }
}

/** Jamo are mapped back when the scan is whole: only then is it known whether they were capitals. */
function cleaned(text: string): string {
  return (hasHangul(text) ? keysOfHangul(text) : text).trim();
}

/** The character that a key stands for; null for keys that type nothing. */
function characterOf(event: Key): string | null {
  // The group separator of GS1 codes comes as Ctrl+], as a person could type it.
  if (event.ctrl) return event.code === 'BracketRight' || event.key === ']' ? '\u001d' : null;
  if (event.key.length === 1 && !hasHangul(event.key)) return event.key;
  const fromCode = characterOfCode(event);
  if (fromCode !== null) return fromCode;
  return hasHangul(event.key) ? event.key : null;
}

function characterOfCode({ code, shift, caps }: Key): string | null {
  if (/^Key[A-Z]$/.test(code)) return shift !== caps ? code[3]! : code[3]!.toLowerCase();
  if (/^Digit\d$/.test(code)) return shift ? shiftedDigits[Number(code[5])]! : code[5]!;
  if (/^Numpad\d$/.test(code)) return code[6]!;
  const found = punctuation[code];
  return found ? found[shift ? 1 : 0] : null;
}

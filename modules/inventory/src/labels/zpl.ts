import type { Printer } from '@deungdae/contracts/api-inventory.ts';
import { elementString, groupSeparator } from '../codes/gs1.ts';
import type { LabelContent } from './content.ts';
import type { Layout } from './layout.ts';
import { roughWidth } from './svg.ts';
import { type TextPicture, textPicture } from './text-picture.ts';

/**
 * A label in ZPL II: UTF-8 (^CI28), the same layout in dots, GS1 DataMatrix (^BX, ECC 200, FNC1 as `_1`) and QR (^BQ).
 * Lines that the printer's own font 0 cannot print go as pictures (^GFA), unless the printer has a font that can
 * (`printer.font`).
 */
export function labelZpl(
  content: LabelContent,
  layout: Layout,
  printer: Pick<Printer, 'dpi' | 'font'>,
  copies = 1,
): string {
  const dots = (mm: number) => Math.round((mm * printer.dpi) / 25.4);
  const lines = ['^XA', '^CI28', `^PW${dots(layout.width)}`, `^LL${dots(layout.height)}`, '^LH0,0'];
  for (const { text, x, y, size, width, bold, right } of layout.texts) {
    if (printer.font === undefined && beyondFont0.test(text)) {
      const picture = textPicture(text, dots(size), dots(width), bold);
      const left = right ? dots(x + width) - picture.width : dots(x);
      lines.push(`^FO${left},${dots(y)}${graphicField(picture)}^FS`);
      continue;
    }
    const squeeze = Math.min(1, width / roughWidth(text, size));
    const high = dots(size);
    const wide = Math.max(1, Math.round(high * squeeze));
    const face = printer.font ? `^A@N,${high},${wide},${printer.font}` : `^A0N,${high},${wide}`;
    lines.push(`^FO${dots(x)},${dots(y)}${face}^FB${dots(width)},1,0,${right ? 'R' : 'L'}^FH^FD${hexed(text)}^FS`);
  }
  for (const { matrix, x, y, size, gs1 } of layout.codes) {
    const module = Math.max(1, Math.floor(dots(size) / Math.max(matrix.width, matrix.height)));
    if (gs1 && content.elements) {
      const data = elementString(content.elements).replaceAll('_', '__').replaceAll(groupSeparator, '_1');
      lines.push(`^FO${dots(x)},${dots(y)}^BXN,${module},200,,,,_^FD_1${data}^FS`);
    } else lines.push(`^FO${dots(x)},${dots(y)}^BQN,2,${Math.min(10, module)}^FH^FDMA,${hexed(content.link)}^FS`);
  }
  for (const [x, y, width, height] of layout.rules)
    lines.push(
      `^FO${dots(x)},${dots(y)}^GB${dots(width)},${Math.max(1, dots(height))},${Math.max(1, dots(height))}^FS`,
    );
  lines.push(`^PQ${copies}`, '^XZ');
  return `${lines.join('\n')}\n`;
}

/** What the fonts in label printers have: Latin with its accents. */
const beyondFont0 = /[^ -\u024f]/;

/** ^GFA: hexadecimal, `,` for a row's white rest and `:` for a row like the one above. */
function graphicField({ rows, bytesPerRow, height }: TextPicture): string {
  const bytes = bytesPerRow * height;
  let above = '';
  const data = rows.map((row) => {
    const whole = Buffer.from(row).toString('hex').toUpperCase();
    const short = whole.replace(/0+$/, ',');
    const text = whole === above ? ':' : short;
    above = whole;
    return text;
  });
  return `^GFA,${bytes},${bytes},${bytesPerRow},${data.join('')}`;
}

/** ^ and ~ begin commands, _ begins a hex code: all three, and control characters, go as hex. */
export function hexed(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\^~_\u0000-\u001f]/g, (c) => `_${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

import type { LabelContent } from './content.ts';
import { gs1DataMatrix, type Matrix, qrCode } from './matrix.ts';

/** What is drawn on a label, in millimetres from its upper left corner; the same for PDF, SVG and ZPL. */
export interface Layout {
  width: number;
  height: number;
  texts: readonly { text: string; x: number; y: number; size: number; width: number; bold: boolean; right?: boolean }[];
  /** `gs1`: its text is the element string; else it is a QR code of the link. */
  codes: readonly { matrix: Matrix; x: number; y: number; size: number; gs1: boolean }[];
  /** Lines: x, y, width, height. */
  rules: readonly (readonly [number, number, number, number])[];
}

const margin = 3;

/** Item above, codes at the right, the number large below them all; narrow labels leave the pairs out first. */
export function layoutOf(content: LabelContent, width: number, height: number): Layout {
  const code = Math.min(height * 0.42, width * 0.28, 26);
  const right = width - margin - code;
  const textWidth = right - 2 * margin;
  const small = Math.max(2.2, height * 0.052);
  const texts: Layout['texts'][number][] = [
    { text: content.title, x: margin, y: margin, size: small, width: textWidth, bold: false },
    { text: content.status, x: margin, y: margin, size: small * 1.2, width: textWidth, bold: true, right: true },
    { text: content.itemName, x: margin, y: margin + small * 1.7, size: small * 1.9, width: textWidth, bold: true },
    { text: content.item, x: margin, y: margin + small * 4.3, size: small * 1.2, width: textWidth, bold: false },
  ];
  const rowsAt = margin + small * 6.6;
  const footer = height - margin - small * 4.2;
  content.lines.forEach(([label, value], i) => {
    const y = rowsAt + i * small * 1.55;
    if (y + small > footer) return;
    texts.push({ text: label, x: margin, y, size: small, width: textWidth * 0.34, bold: false });
    texts.push({ text: value, x: margin + textWidth * 0.36, y, size: small, width: textWidth * 0.64, bold: false });
  });
  texts.push({
    text: content.number,
    x: margin,
    y: footer + small * 0.6,
    size: small * 2.1,
    width: width * 0.6,
    bold: true,
  });
  texts.push({
    text: content.quantity,
    x: width * 0.55,
    y: footer + small * 0.6,
    size: small * 2.1,
    width: width * 0.45 - margin,
    bold: true,
    right: true,
  });
  if (content.elementText !== null)
    texts.push({
      text: content.elementText,
      x: margin,
      y: height - margin - small * 0.9,
      size: small * 0.8,
      width: width - 2 * margin,
      bold: false,
    });
  const codes: Layout['codes'][number][] = [];
  const qr = { matrix: qrCode(content.link), x: right, y: margin, size: code, gs1: false };
  if (content.elements === null) codes.push(qr);
  else {
    const half = Math.min(code, (footer - margin * 1.5) / 2);
    const x = width - margin - half;
    codes.push({ matrix: gs1DataMatrix(content.elements), x, y: margin, size: half - 1, gs1: true });
    codes.push({ ...qr, x, y: margin + half + 0.5, size: half - 1 });
  }
  return { width, height, texts, codes, rules: [[margin, footer, width - 2 * margin, 0.3]] };
}

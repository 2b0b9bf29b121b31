import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bwip } from './matrix.ts';

/** A line of text as dots: `bytesPerRow` bytes a row, the leftmost dot in the highest bit, 1 is black. */
export interface TextPicture {
  bytesPerRow: number;
  height: number;
  /** Dots of the line without the filling of the last byte. */
  width: number;
  rows: readonly Uint8Array[];
}

/** Ink above this of 255 is a black dot: a little early, for the thin strokes of small Hangul. */
const black = 112;
/** From the top of a line to its baseline, in parts of the size; as in the other drawings of a label. */
const baseline = 0.85;
/** The rasteriser draws no glyph narrower than this, dots. */
const narrowest = 8;
const letters = new Intl.Segmenter('ko', { granularity: 'grapheme' });

const fonts = new Map<string, number>();
/** Loaded with the first label that needs it. */
function fontOf(bold: boolean): number {
  const name = `Pretendard-${bold ? 'Bold' : 'Regular'}`;
  const known = fonts.get(name);
  if (known !== undefined) return known;
  const file = fileURLToPath(import.meta.resolve(`pretendard/dist/public/static/${name}.otf`));
  bwip().loadFont(name, readFileSync(file));
  const id = bwip().FontLib.lookup(name);
  fonts.set(name, id);
  return id;
}

/** Draws a line in Pretendard, `size` dots high, squeezed to `width` dots where it is longer. */
export function textPicture(text: string, size: number, width: number, bold: boolean): TextPicture {
  const { FontLib } = bwip();
  const font = fontOf(bold);
  const codes = [...letters.segment(text.normalize('NFC'))].map((s) => s.segment.codePointAt(0)!);
  const glyphs = (wide: number) => codes.map((code) => FontLib.getglyph(font, code, wide, size));
  const length = (all: ReturnType<typeof glyphs>) => all.reduce((sum, g) => sum + g.advance, 0);
  let line = glyphs(size);
  if (length(line) > width) line = glyphs(Math.max(narrowest, Math.floor((size * width) / length(line))));
  const wide = Math.min(width, length(line));
  const bytesPerRow = Math.ceil(wide / 8);
  const height = Math.ceil(size * 1.15);
  const rows = Array.from({ length: height }, () => new Uint8Array(bytesPerRow));
  let at = 0;
  for (const glyph of line) {
    const top = Math.round(size * baseline) - glyph.top;
    for (let y = 0; y < glyph.height; y++)
      for (let x = 0; x < glyph.width; x++) {
        const [row, dot] = [rows[top + y], at + glyph.left + x];
        if (!row || dot < 0 || dot >= wide || glyph.bytes[y * glyph.width + x]! < black) continue;
        row[dot >> 3]! |= 0x80 >> (dot & 7);
      }
    at += glyph.advance;
  }
  return { bytesPerRow, height, width: wide, rows };
}

import type { Layout } from './layout.ts';
import { runsOf } from './matrix.ts';

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => escapes[c]!);
const mm = (value: number) => Number(value.toFixed(3));

/** A label as SVG in millimetres. Long texts are squeezed to their width. */
export function labelSvg(layout: Layout): string {
  const parts: string[] = [];
  for (const { text, x, y, size, width, bold, right } of layout.texts) {
    const squeeze = roughWidth(text, size) > width ? ` textLength="${mm(width)}" lengthAdjust="spacingAndGlyphs"` : '';
    const place = right ? `x="${mm(x + width)}" text-anchor="end"` : `x="${mm(x)}"`;
    parts.push(
      `<text ${place} y="${mm(y + size * 0.85)}" font-size="${mm(size)}" font-weight="${bold ? 700 : 400}"${squeeze}>${escaped(text)}</text>`,
    );
  }
  for (const { matrix, x, y, size } of layout.codes) {
    const module = size / Math.max(matrix.width, matrix.height);
    const path = [...runsOf(matrix)].map(([cx, cy, length]) => `M${cx} ${cy}h${length}v1h-${length}z`).join('');
    parts.push(
      `<path transform="translate(${mm(x)} ${mm(y)}) scale(${module.toFixed(5)})" shape-rendering="crispEdges" d="${path}"/>`,
    );
  }
  for (const [x, y, width, height] of layout.rules)
    parts.push(`<rect x="${mm(x)}" y="${mm(y)}" width="${mm(width)}" height="${height}"/>`);
  const { width, height } = layout;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}mm" height="${height}mm" viewBox="0 0 ${width} ${height}" ` +
    `font-family="Pretendard, 'Noto Sans KR', sans-serif"><rect width="${width}" height="${height}" fill="#fff"/>${parts.join('')}</svg>`
  );
}

/** Hangul is as wide as high, Latin a little over half. */
export function roughWidth(text: string, size: number): number {
  let width = 0;
  for (const char of text) width += char.codePointAt(0)! > 0x1100 ? size * 0.92 : size * 0.58;
  return width;
}

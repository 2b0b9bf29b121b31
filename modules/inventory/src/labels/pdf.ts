import { fileURLToPath } from 'node:url';
import PdfDocument from 'pdfkit';
import type { Layout } from './layout.ts';
import { runsOf } from './matrix.ts';

/** Points in a millimetre. */
const pt = 72 / 25.4;
const font = (weight: string) =>
  fileURLToPath(import.meta.resolve(`pretendard/dist/public/static/Pretendard-${weight}.otf`));

/** Labels as a PDF, one a page of the label's size; the fonts are embedded, only the letters used. */
export function labelPdf(layouts: readonly Layout[], copies = 1): Promise<Uint8Array> {
  const done = Promise.withResolvers<Uint8Array>();
  const document = new PdfDocument({ autoFirstPage: false, info: { Title: '현품표', Producer: 'Deungdae' } });
  const parts: Uint8Array[] = [];
  document.on('data', (part: Uint8Array) => parts.push(part));
  document.on('end', () => done.resolve(Buffer.concat(parts)));
  document.on('error', done.reject);
  document.registerFont('regular', font('Regular'));
  document.registerFont('bold', font('Bold'));
  for (const layout of layouts)
    for (let i = 0; i < copies; i++) {
      document.addPage({ size: [layout.width * pt, layout.height * pt], margin: 0 });
      drawLabel(document, layout);
    }
  document.end();
  return done.promise;
}

function drawLabel(document: PDFKit.PDFDocument, layout: Layout): void {
  for (const { text, x, y, size, width, bold, right } of layout.texts) {
    document.font(bold ? 'bold' : 'regular').fontSize(size * pt);
    const wide = document.widthOfString(text);
    // Squeezed rather than cut: a number that is cut is another number.
    const scale = Math.min(1, (width * pt) / wide);
    const left = right ? (x + width) * pt - wide * scale : x * pt;
    document
      .save()
      .translate(left, y * pt)
      .scale(scale, 1)
      .text(text, 0, 0, { lineBreak: false })
      .restore();
  }
  for (const { matrix, x, y, size } of layout.codes) {
    const module = (size * pt) / Math.max(matrix.width, matrix.height);
    for (const [cx, cy, length] of runsOf(matrix))
      document.rect(x * pt + cx * module, y * pt + cy * module, length * module, module);
    document.fill('#000');
  }
  for (const [x, y, width, height] of layout.rules) document.rect(x * pt, y * pt, width * pt, height * pt).fill('#000');
}

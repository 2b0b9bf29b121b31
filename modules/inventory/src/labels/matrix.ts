import { createRequire } from 'node:module';
import type bwipJs from 'bwip-js/node';
import type { Element } from '../codes/gs1.ts';
import { humanReadable } from '../codes/gs1.ts';

/** Loaded with the first code: a server that prints nothing does without its 13 MB. */
let loaded: typeof bwipJs | undefined;
export function bwip(): typeof bwipJs {
  loaded ??= createRequire(import.meta.url)('bwip-js/node') as typeof bwipJs;
  return loaded;
}

/** A two-dimensional code as its dark modules, row by row, without a quiet zone. */
export interface Matrix {
  width: number;
  height: number;
  dark(x: number, y: number): boolean;
}

interface RawMatrix {
  pixs: ArrayLike<number>;
  pixx: number;
  pixy: number;
}

function toMatrix(raw: RawMatrix): Matrix {
  return { width: raw.pixx, height: raw.pixy, dark: (x, y) => raw.pixs[y * raw.pixx + x] === 1 };
}

export function gs1DataMatrix(elements: readonly Element[]): Matrix {
  const [raw] = bwip().raw({ bcid: 'gs1datamatrix', text: humanReadable(elements), dontlint: true } as never);
  return toMatrix(raw as unknown as RawMatrix);
}

/** Error correction M: labels get dirty. */
export function qrCode(text: string): Matrix {
  const [raw] = bwip().raw({ bcid: 'qrcode', text, eclevel: 'M' } as never);
  return toMatrix(raw as unknown as RawMatrix);
}

/** Dark runs of each row: `[x, y, length]`. */
export function* runsOf(matrix: Matrix): Generator<[number, number, number]> {
  for (let y = 0; y < matrix.height; y++)
    for (let x = 0; x < matrix.width; x++) {
      if (!matrix.dark(x, y)) continue;
      const start = x;
      while (x + 1 < matrix.width && matrix.dark(x + 1, y)) x++;
      yield [start, y, x - start + 1];
    }
}

/** The code alone as a picture, eight pixels a module, with its quiet zone. */
export async function codePng(content: { elements: readonly Element[] | null; link: string }): Promise<Uint8Array> {
  const options = content.elements
    ? { bcid: 'gs1datamatrix', text: humanReadable(content.elements), dontlint: true }
    : { bcid: 'qrcode', text: content.link, eclevel: 'M' };
  return bwip().toBuffer({ ...options, scale: 4, padding: 8, backgroundcolor: 'FFFFFF' } as never);
}

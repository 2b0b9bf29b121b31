/** What a browser may show by itself; all else is saved. */
const shown = ['image/', 'video/', 'application/pdf', 'text/plain'];

interface Kind {
  type: string;
  starts?: readonly (number | null)[];
  /** A name that ends so, where the content alone does not tell. */
  endings?: readonly string[];
}

const letters = (text: string) => [...text].map((c) => c.charCodeAt(0));
const zip = letters('PK\x03\x04');
const office = 'application/vnd.openxmlformats-officedocument';

const kinds: readonly Kind[] = [
  { type: 'image/png', starts: [0x89, ...letters('PNG\r\n\x1a\n')] },
  { type: 'image/jpeg', starts: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', starts: letters('GIF8') },
  { type: 'image/webp', starts: [...letters('RIFF'), null, null, null, null, ...letters('WEBP')] },
  { type: 'application/pdf', starts: letters('%PDF-') },
  { type: 'video/mp4', starts: [null, null, null, null, ...letters('ftyp')] },
  { type: 'video/webm', starts: [0x1a, 0x45, 0xdf, 0xa3] },
  { type: 'image/vnd.dwg', starts: letters('AC10') },
  { type: 'model/step', starts: letters('ISO-10303-21') },
  { type: `${office}.spreadsheetml.sheet`, starts: zip, endings: ['.xlsx'] },
  { type: `${office}.wordprocessingml.document`, starts: zip, endings: ['.docx'] },
  { type: `${office}.presentationml.presentation`, starts: zip, endings: ['.pptx'] },
  { type: 'application/hwp+zip', starts: zip, endings: ['.hwpx'] },
  { type: 'application/x-hwp', starts: [0xd0, 0xcf, 0x11, 0xe0], endings: ['.hwp'] },
  { type: 'image/vnd.dxf', endings: ['.dxf'] },
  { type: 'model/stl', endings: ['.stl'] },
  { type: 'text/plain; charset=utf-8', endings: ['.txt', '.csv', '.qif', '.xml'] },
];

/** Media type by the first bytes (and the name, where they do not tell); null for what may not be kept. Pure. */
export function fileType(head: Uint8Array, name: string): string | null {
  const lower = name.toLowerCase();
  const kind = kinds.find(
    ({ starts, endings }) =>
      (starts === undefined || starts.every((byte, i) => byte === null || head[i] === byte)) &&
      (endings === undefined || endings.some((ending) => lower.endsWith(ending))),
  );
  if (!kind) return null;
  // A text kind is one of letters: what begins with a zero byte only calls itself so.
  if (kind.starts === undefined && kind.type.startsWith('text/') && head.includes(0)) return null;
  return kind.type;
}

export function isShown(type: string): boolean {
  return shown.some((start) => type.startsWith(start));
}

import { textCell } from './cell.ts';
import { tabularError } from './errors.ts';
import { isDateFormat } from './number-format.ts';
import { attribute, joinedText, tagsOf, unescapeXml } from './xml.ts';
import type { ZipFile } from './zip-read.ts';

/** Of small parts, unpacked. */
const partBytes = 32 * 1024 * 1024;
const sharedBytes = 256 * 1024 * 1024;
const maxSheets = 500;

export interface SheetPart {
  name: string;
  hidden: boolean;
  part: string;
}
export interface WorkbookParts {
  sheets: SheetPart[];
  is1904: boolean;
  /** By cell style: whether it shows a date or time. */
  dateStyles: boolean[];
  sharedPart: string | null;
}

/** What a workbook consists of. Throws `tabular.binaryExcel`, `tabular.unknownFormat`, `tabular.damaged`. */
export async function readParts(zip: ZipFile, name: string): Promise<WorkbookParts> {
  const relations = await relationsOf(zip, '_rels/.rels', '');
  const main = relations.find((r) => r.type.endsWith('/officeDocument'))?.part ?? 'xl/workbook.xml';
  if (main.endsWith('.bin') || zip.has('xl/workbook.bin'))
    throw tabularError('tabular.binaryExcel', { name }, { status: 415 });
  if (!zip.has(main)) throw tabularError('tabular.unknownFormat', { name }, { status: 415 });
  const folder = main.slice(0, main.lastIndexOf('/') + 1);
  const own = await relationsOf(zip, `${folder}_rels/${main.slice(folder.length)}.rels`, folder);
  const workbook = await zip.text(main, partBytes);
  const sheets: SheetPart[] = [];
  for (const tag of tagsOf(workbook, 'sheet').slice(0, maxSheets)) {
    const id = /\s\w+:id="([^"]*)"/.exec(tag)?.[1];
    const relation = own.find((r) => r.id === id);
    // Sheets that are charts or macros hold no rows.
    if (!relation?.type.endsWith('/worksheet') || !zip.has(relation.part)) continue;
    const title = unescapeXml(attribute(tag, 'name') ?? '');
    sheets.push({ name: title, hidden: (attribute(tag, 'state') ?? 'visible') !== 'visible', part: relation.part });
  }
  const partOf = (type: string) => own.find((r) => r.type.endsWith(type) && zip.has(r.part))?.part ?? null;
  const stylesPart = partOf('/styles');
  return {
    sheets,
    is1904: tagsOf(workbook, 'workbookPr').some((tag) => /^(1|true)$/.test(attribute(tag, 'date1904') ?? '')),
    dateStyles: stylesPart === null ? [] : dateStylesOf(await zip.text(stylesPart, partBytes)),
    sharedPart: partOf('/sharedStrings'),
  };
}

async function relationsOf(zip: ZipFile, part: string, folder: string) {
  if (!zip.has(part)) return [];
  return tagsOf(await zip.text(part, partBytes), 'Relationship').map((tag) => {
    const target = unescapeXml(attribute(tag, 'Target') ?? '');
    return {
      id: attribute(tag, 'Id') ?? '',
      type: attribute(tag, 'Type') ?? '',
      part: target.startsWith('/') ? target.slice(1) : `${folder}${target.replace(/^\.\//, '')}`,
    };
  });
}

function dateStylesOf(styles: string): boolean[] {
  const codes = new Map(
    tagsOf(styles, 'numFmt').map((tag) => [
      attribute(tag, 'numFmtId'),
      unescapeXml(attribute(tag, 'formatCode') ?? ''),
    ]),
  );
  const from = styles.search(/<(\w+:)?cellXfs[\s>]/);
  const to = styles.search(/<\/(\w+:)?cellXfs>/);
  if (from < 0 || to < from) return [];
  const known = new Map<string, boolean>();
  return tagsOf(styles.slice(from, to), 'xf').map((tag) => {
    const id = attribute(tag, 'numFmtId') ?? '0';
    const isDate = known.get(id) ?? isDateFormat(Number(id), codes.get(id));
    known.set(id, isDate);
    return isDate;
  });
}

/** Texts that cells name by number. */
export async function readShared(zip: ZipFile, part: string, name: string): Promise<(string | null)[]> {
  const texts: (string | null)[] = [];
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of zip.stream(part, sharedBytes)) {
    const text = rest + decoder.decode(chunk, { stream: true });
    let at = 0;
    for (;;) {
      const open = /<(\w+:)?si(\s[^<>]*)?(\/?)>/g;
      open.lastIndex = at;
      const match = open.exec(text);
      if (!match) break;
      if (match[3] === '/') {
        texts.push(null);
        at = open.lastIndex;
        continue;
      }
      const end = text.indexOf(`</${match[1] ?? ''}si>`, open.lastIndex);
      if (end < 0) {
        at = match.index;
        break;
      }
      texts.push(textCell(joinedText(text.slice(open.lastIndex, end))));
      at = end + 5 + (match[1]?.length ?? 0);
    }
    rest = text.slice(at);
    if (rest.length > 4_000_000) throw tabularError('tabular.damaged', { name, detail: part }, { status: 422 });
  }
  return texts;
}

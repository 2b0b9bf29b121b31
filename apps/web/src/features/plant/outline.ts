export interface OutlineNode {
  name: string;
  kind: string;
  /** 1-based. */
  line: number;
  depth: number;
}

const shownKinds = new Set([
  'connections',
  'calendars',
  'downtimeReasons',
  'types',
  'sites',
  'areas',
  'lines',
  'cells',
  'equipment',
]);

/** The sections and named entries of a plant file, read from the text itself, so that it works while the file is wrong. */
export function outlineOf(text: string): OutlineNode[] {
  const nodes: OutlineNode[] = [];
  const open: { column: number; kind: string; shown: boolean }[] = [];
  text.split('\n').forEach((line, index) => {
    const key = /^(\s*)(- )?([A-Za-z]\w*):\s*(\S.*)?$/.exec(line);
    if (!key) return;
    const column = key[1]!.length + (key[2] ? 2 : 0);
    const dashColumn = key[1]!.length;
    while (open.length > 0 && open.at(-1)!.column >= (key[2] ? dashColumn + 1 : column)) open.pop();
    const [, , dash, name, rest] = key;
    if (!rest || rest.startsWith('#')) {
      const shown = shownKinds.has(name!);
      open.push({ column, kind: name!, shown });
      if (column === 0 && shown) nodes.push({ name: name!, kind: 'section', line: index + 1, depth: 0 });
      return;
    }
    const parent = open.at(-1);
    if (dash && name === 'id' && parent?.shown) {
      const depth = open.filter((o) => o.shown).length;
      nodes.push({
        name: rest.replace(/\s+#.*$/, '').replace(/^["']|["']$/g, ''),
        kind: parent.kind,
        line: index + 1,
        depth,
      });
    }
  });
  return nodes;
}

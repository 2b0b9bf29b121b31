import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, test } from 'node:test';
import type { Caller } from '@deungdae/contracts/api.ts';
import { type Sample, samplesOf } from '@deungdae/contracts/sample.ts';
import { systemClock } from '@deungdae/kernel/clock.ts';
import { silentLogger } from '@deungdae/kernel/log.ts';
import { openTestLedger } from '@deungdae/ledger/testing/test-ledger.ts';
import { openQuality, type QualityModule, qualityMigrations } from '@deungdae/quality/module.ts';
import { openTable } from '@deungdae/tabular/open-table.ts';
import { replayFiles } from '../replay/replay-files.ts';
import { type CutStream, type Cycle, cutByCounter } from './trace.ts';

const shared = resolve(process.env.DEUNGDAE_SHARED_DATA ?? '../shared/data');
const plate = join(shared, 'nist-sms/plate');
const skip = existsSync(plate) ? false : `${plate} not present`;
const engineer: Caller = { userId: 'u', name: 'qa', role: 'engineer', language: 'en', via: 'session' };
const item = 'nist-plate';

interface Stream {
  cut: CutStream;
  rejected: { file: string; line: number }[];
  samples: number;
}

/** The machine's log through the file connector, cut into cycles. */
async function machineStream(): Promise<Stream> {
  const kept = new Map<number, Sample[]>();
  let samples = 0;
  const replayed = await replayFiles(join(plate, 'part-data'), (batch) => {
    samples += batch.length;
    for (const s of samplesOf(batch)) {
      const list = kept.get(s.signal);
      if (list) list.push(s);
      else kept.set(s.signal, [s]);
    }
  });
  // Files overlap in time, and one snapshot stands in two: in order of time, each once.
  const ofTag = (tag: string) => {
    const all = [...(kept.get(replayed.byTag.get(tag)!.id) ?? [])].sort((a, b) => a.time - b.time);
    return all.filter((s, i) => i === 0 || s.time !== all[i - 1]!.time || s.value !== all[i - 1]!.value);
  };
  const programs = [...ofTag('Program_Name_Editing'), ...ofTag('Program_Name_Running')].sort((a, b) => a.time - b.time);
  const rejected = replayed.notices
    .filter((n) => n.code === 'file.rejected')
    .map((n) => ({ file: String(n.params?.file).split('/').at(-1)!, line: Number(n.params?.line) }));
  return { cut: cutByCounter(ofTag('Part_Count'), ofTag('Program_Status'), programs), rejected, samples };
}

/** Torn lines as the text itself has them: a line without any field separator. */
function tornLines(): { file: string; line: number }[] {
  return readdirSync(join(plate, 'part-data'))
    .sort()
    .flatMap((file) =>
      readFileSync(join(plate, 'part-data', file), 'utf8')
        .split('\n')
        .flatMap((line, i) => (line !== '' && !line.includes('|') ? [{ file, line: i + 1 }] : [])),
    );
}

/** When the last line of a split file was written, µs: the end of that operation of that part. */
function endOf(operation: number, part: number): number {
  const name = `Plate-Op${operation}-Hurco04-${String(part).padStart(2, '0')}of20.txt`;
  const lines = readFileSync(join(plate, 'split', name), 'utf8')
    .trimEnd()
    .split('\n');
  const [time] = lines.at(-1)!.split('|');
  const [, whole, fraction] = /^(.*?)\.(\d+)Z$/.exec(time!)!;
  return Date.parse(`${whole}Z`) * 1000 + Math.round(Number(`0.${fraction}`) * 1e6);
}

interface ThirdParty {
  name: string;
  pp: number | null;
  ppk: number;
}

/** Sheet10 of the independent tool's workbook: figures per feature, header in row 8. */
async function thirdParty(): Promise<ThirdParty[]> {
  const name = readdirSync(join(plate, 'inspection')).find((f) => f.endsWith('.xlsx'))!;
  const table = await openTable(join(plate, 'inspection', name), name);
  const sheet = table.sheets.findIndex((s) => s.name === 'Sheet10');
  const found: ThirdParty[] = [];
  let header: string[] = [];
  // A feature stands on a row of its own, its characteristics on the rows below.
  let feature = '';
  for await (const rows of table.rows(sheet))
    for (const { row, cells } of rows) {
      if (row === 8)
        header = cells.map((c) =>
          String(c ?? '')
            .trim()
            .toUpperCase(),
        );
      if (row <= 8 || cells[0] === null || cells[0] === undefined) continue;
      const cell = (wanted: string) => cells[header.indexOf(wanted)];
      const ppk = cell('PPK');
      const pp = cell('PP');
      if (typeof ppk !== 'number') feature = String(cells[0]);
      else found.push({ name: `${feature} ${cells[0]}`, pp: typeof pp === 'number' ? pp : null, ppk });
    }
  await table.close();
  return found;
}

async function openInspection(): Promise<{ quality: QualityModule; end(): Promise<void> }> {
  const ledger = await openTestLedger({ modules: [{ module: 'quality', migrations: qualityMigrations }] });
  const unused = async () => assert.fail('an import touches no stock');
  const quality = openQuality({
    ...{ ledger: ledger.ledger, clock: systemClock, log: silentLogger, timeZone: () => 'America/New_York' },
    masterdata: { find: async () => null, need: unused as never, plansOf: async () => [] },
    inventory: { lot: async () => null, hold: unused, release: unused, reject: unused, scrap: unused as never },
  });
  return {
    quality,
    end: async () => {
      await quality.close();
      await ledger.end();
    },
  };
}

const call = <T>(handler: ((input: never, caller: Caller) => T) | undefined, input: object): T =>
  handler!(input as never, engineer);

describe('20 real parts from machine stream to inspection', { skip }, () => {
  test('torn lines are listed with file and line, their neighbours kept (shared data: nist-sms plate)', async () => {
    const { rejected, samples } = await machineStream();
    assert.equal(rejected.length, 17);
    assert.deepEqual(rejected, tornLines());
    assert.equal(samples, 144_806);
  });

  test('each part: operation 1, operation 2, measured values (shared data: nist-sms plate)', async (t) => {
    const { cut } = await machineStream();
    const firstOp2 = cut.cycles.findIndex((c) => c.program?.includes('BACK FACE'));
    const operations = [cut.cycles.slice(0, firstOp2), cut.cycles.slice(firstOp2)];
    assert.deepEqual(
      operations.map((cycles) => cycles.length),
      [20, 20],
    );
    for (const [index, cycles] of operations.entries())
      for (const [i, cycle] of cycles.entries())
        assert.equal(cycle.completedAt, endOf(index + 1, i + 1), `operation ${index + 1}, part ${i + 1}`);
    // Counter steps without a part, all of them, with the reason.
    assert.deepEqual(cut.missing, [
      { counter: 1069, why: 'aborted' },
      { counter: 1080, why: 'notInStream' },
      { counter: 1088, why: 'notInStream' },
    ]);

    const { quality, end } = await openInspection();
    try {
      const xml = readFileSync(join(plate, 'inspection/PlateResults_20_samples.QIF'), 'utf8');
      const input = { body: { xml, item, stage: 'final' as const } };
      const report = await call(quality.handlers.importQif, input);
      assert.deepEqual([report.added, report.same, report.values], [20, 0, 620]);
      const again = await call(quality.handlers.importQif, input);
      assert.deepEqual([again.added, again.same], [0, 20]);
      const inspections = await quality.inspections({ item, limit: 100 });
      const results = inspections.flatMap((i) => i.results);
      assert.equal(results.filter((r) => r.pass).length, 569);
      assert.equal(results.filter((r) => !r.pass).length, 51);
      const chains = report.inspections.map((inspection, i) => ({
        ...inspection,
        op1: operations[0]![i]!,
        op2: operations[1]![i]!,
      }));
      for (const chain of chains) {
        assert.ok(chain.op1.completedAt < chain.op2.startedAt, `part ${chain.part}: operations in order`);
        assert.equal(Number(chain.part), chains.indexOf(chain) + 1);
      }
      const links = missingLinks(chains);
      for (const link of links) t.diagnostic(link);
      assert.deepEqual(links, [
        'the QIF names no serial number: parts are linked by their order, 1 to 20',
        'program name does not identify parts 6, 7',
        'counter 1069 aborted, 1080 and 1088 not in the stream',
      ]);
    } finally {
      await end();
    }

    function missingLinks(chains: { part: string; op1: Cycle }[]): string[] {
      const unnamed = chains.filter(({ part, op1 }) => numberIn(op1.program) !== Number(part)).map((c) => c.part);
      const absent = cut.missing.filter((m) => m.why === 'notInStream').map((m) => m.counter);
      const aborted = cut.missing.filter((m) => m.why === 'aborted').map((m) => m.counter);
      return [
        'the QIF names no serial number: parts are linked by their order, 1 to 20',
        `program name does not identify parts ${unnamed.join(', ')}`,
        `counter ${aborted.join(', ')} aborted, ${absent.join(' and ')} not in the stream`,
      ];
    }
  });

  test('Pp and Ppk per feature within 2 % of the third-party tool (shared data: nist-sms plate)', async (t) => {
    const { quality, end } = await openInspection();
    try {
      const xml = readFileSync(join(plate, 'inspection/PlateResults_20_samples.QIF'), 'utf8');
      await call(quality.handlers.importQif, { body: { xml, item, stage: 'final' } });
      const [one] = await quality.inspections({ item, limit: 1 });
      const wanted = await thirdParty();
      assert.equal(wanted.length, 31);
      assert.equal(one!.characteristics.length, 31);
      let worst = 0;
      const withBonus: string[] = [];
      for (const c of one!.characteristics) {
        const settings = { kind: 'individuals', rules: ['n1'], subgroup: 1, tableConstants: false, everySeconds: 60 };
        const body = { plan: one!.plan, characteristic: c.id, settings };
        const chart = await call(quality.handlers.createChart, { body });
        const { capability } = await call(quality.handlers.chartData, { params: chart, query: { limit: 100 } });
        const theirs = wanted.find((w) => isSame(w.name, c.name));
        assert.ok(theirs, `${c.name} is in the workbook`);
        assert.equal(capability!.n, 20);
        assert.equal(capability!.within, null, 'no Cp or Cpk without a chart whose limits were frozen');
        if (c.method === 'bonus') {
          withBonus.push(c.name);
          continue;
        }
        const off = Math.abs(capability!.overall.worst! / theirs.ppk - 1);
        worst = Math.max(worst, off);
        assert.ok(off < 0.02, `${c.name}: Ppk ${capability!.overall.worst} against ${theirs.ppk}`);
        if (capability!.overall.twoSided !== null && theirs.pp !== null)
          assert.ok(
            Math.abs(capability!.overall.twoSided / theirs.pp - 1) < 0.02,
            `${c.name}: Pp ${capability!.overall.twoSided} against ${theirs.pp}`,
          );
      }
      assert.deepEqual(withBonus.map(squeezed), ['CYLINDER2POSITION1']);
      t.diagnostic(`largest deviation of Ppk over 30 features: ${(100 * worst).toFixed(3)} %`);
    } finally {
      await end();
    }
  });
});

/** A distance between two features stands under its own name there, with another one for the characteristic. */
const isSame = (theirs: string, ours: string) =>
  squeezed(theirs) === squeezed(ours) || (!ours.includes(' ') && squeezed(theirs).startsWith(squeezed(ours)));

const squeezed = (name: string) => name.toUpperCase().replace(/[^A-Z0-9]/g, '');

/** Part number at the end of a program's name: `…PLATE-4.NC` is 4; the first part's has none. */
function numberIn(program: string | null): number {
  const found = /PLATE(?:-(\d+))?\.NC$/i.exec(program ?? '');
  return found ? Number(found[1] ?? 1) : Number.NaN;
}

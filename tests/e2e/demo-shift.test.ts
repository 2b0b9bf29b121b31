import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Demo } from '@deungdae/demo/start-demo.ts';
import type { Browser } from 'playwright-core';
import type { ApiCaller } from '../support/api-caller.ts';
import { noChromium } from '../support/browser.ts';
import { type Area, type Post, posts } from '../support/demo-shift.ts';
import * as kiosk from '../support/kiosk-acts.ts';
import type { PlantProcess } from '../support/plant-process.ts';
import { checkReports, endShift, openOffice, print, signReport } from '../support/shift-papers.ts';
import { openShiftPlant, password, type ShiftPlant } from '../support/shift-plant.ts';
import { Tablet, touchTable } from '../support/tablet.ts';

/**
 * The machines live so many times faster than the clock: a minute of this test is forty of theirs. Everything else is in
 * real time, and the shift on the calendar is as long as the test.
 */
const speed = 40;
/** Rounds through the shop in which counts are confirmed and defects named; more of them make a longer shift. */
const rounds = Math.max(1, Number(process.env.DEUNGDAE_SHIFT_ROUNDS ?? 1));
/** Where papers and pictures are kept to be looked at; nowhere unless named. */
const keep = process.env.DEUNGDAE_SHIFT_PAPERS ?? '';
const minuteMs = 60_000;
const areas = Object.keys(posts) as Area[];
/** Where orders begin; the assembly cells work with what they made. */
const firstAreas = ['moulding', 'moulding2', 'press', 'heat'] as const;

describe('a shift of the demo plant through its kiosks', {
  skip: noChromium,
  timeout: (18 + rounds * 2) * 60_000,
}, () => {
  let shift: ShiftPlant;
  let demo: Demo;
  let plant: PlantProcess;
  let browser: Browser;
  let call: ApiCaller;
  let began: number;
  let orders: Map<string, string>;
  let box: string;
  const tablets = new Map<Area, Tablet>();
  const runs = new Map<string, string>();
  const here = new Map<Tablet, string>();
  let broken = '';
  /** One part of the shift; what follows a part that failed is left out. */
  const part = (name: string, work: () => Promise<void>) =>
    test(name, async (t) => {
      if (broken) return t.skip(`after: ${broken}`);
      const started = performance.now();
      try {
        await work();
        process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(4)} s  ${name}\n`);
      } catch (error) {
        broken = name;
        for (const [area, tablet] of keep ? tablets : [])
          await tablet.picture(join(keep, `failed-${area}-${name.slice(0, 12)}.png`)).catch(() => {});
        throw error;
      }
    });
  const at = (area: Area) => tablets.get(area)!;
  const every = (work: (area: Area, tablet: Tablet) => Promise<void>) =>
    Promise.all(areas.map((area) => work(area, at(area))));
  const stateOf = (machine: string) => call('kioskState', { query: { machine } });
  const nameOf = (machine: string) => machine.split('/').at(-1)!;
  const orderAt = (machine: string) => orders.get(machine)!;

  /** Goes to the post and says who stands there. */
  const stand = async (tablet: Tablet, { machine, badge, language }: Post) => {
    await tablet.act('go to another machine', () => tablet.goTo(machine));
    const person = tablet.page.locator('.k-person');
    if ((await person.count()) > 0 && here.get(tablet) === badge) return;
    if ((await person.count()) > 0) await kiosk.settle(tablet);
    const before = (await person.count()) > 0 ? await person.textContent() : '';
    await tablet.act('badge', () => tablet.badge(badge, language));
    await kiosk.until(
      'the person’s name',
      async () => (await person.count()) > 0 && (await person.textContent()) !== before,
    );
    here.set(tablet, badge);
  };
  const begin = async (tablet: Tablet, post: Post) => {
    await stand(tablet, post);
    await kiosk.start(tablet, orderAt(post.machine));
    await kiosk.until('the run', async () => (await stateOf(post.machine)).run !== null);
    runs.set(post.machine, (await stateOf(post.machine)).run!.id);
  };
  /** Without a network: what the display says, good pieces typed and bad ones by their name. */
  const typeCount = async (tablet: Tablet, name: RegExp, count: { good: number; scrap: number }) => {
    if (count.scrap > 0) await kiosk.defect(tablet, name, count.scrap);
    await kiosk.confirmTyped(tablet, count.good);
  };

  before(async () => {
    if (keep) await mkdir(keep, { recursive: true });
    shift = await openShiftPlant(speed);
    ({ demo, plant, browser, call, began, orders } = shift);
  });
  after(() => shift?.close());

  part('six tablets are signed in once; the clock of one is an hour fast', async () => {
    for (const area of areas) {
      const user = { name: `tablet-${area}`, displayName: `${area} 태블릿`, role: 'operator', language: 'ko' } as const;
      await call('createUser', { body: { ...user, password } });
      const tablet = await Tablet.open(browser, plant.url, area, area === 'heat' ? { clockMs: 60 * minuteMs } : {});
      tablets.set(area, tablet);
    }
    await every((area, tablet) => tablet.signIn(`tablet-${area}`, password));
  });

  part('every post of the first operations starts its order by one scan', async () => {
    await Promise.all(
      firstAreas.map(async (area) => {
        for (const post of posts[area].filter((p) => p.operation === 10)) await begin(at(area), post);
      }),
    );
    const { run } = await stateOf(posts.heat[0]!.machine);
    assert.ok(Math.abs(run!.startedAt / 1000 - Date.now()) < 3 * minuteMs, 'the clock an hour fast is put right');
  });

  part('drawing and instruction are those of the order’s revision, also after an engineering change', async () => {
    const [first, , third] = posts.press;
    await stand(at('press'), first!);
    const old = await kiosk.documents(at('press'));
    assert.ok(
      old.some((x) => /FORK-75 A · FORK-75-A\.png/.test(x)),
      `${old}`,
    );
    assert.ok(
      old.some((x) => /FORK-75-10\.png/.test(x)),
      `${old}`,
    );
    await stand(at('press'), third!);
    const fresh = await kiosk.documents(at('press'));
    assert.ok(
      fresh.some((x) => /FORK-75 B · FORK-75-B\.png/.test(x)),
      `${fresh}`,
    );
    assert.ok(!fresh.some((x) => /FORK-75-A/.test(x)), `${fresh}`);
  });

  part('first pieces, machines’ counts and defects at every first post; an axle furnace is loaded', async () => {
    const defects = { moulding: /버/, moulding2: /Ba via/, press: /찍힘|Dent/, heat: /O‘lcham|Out of size|치수 불량/ };
    for (let round = 0; round < rounds; round++)
      await Promise.all(
        firstAreas.map(async (area) => {
          for (const post of posts[area].filter((p) => p.operation === 10)) {
            await stand(at(area), post);
            await kiosk.answerAll(at(area));
            if (keep) await at(area).picture(join(keep, `work-${nameOf(post.machine)}-${post.language}.png`));
            await kiosk.defect(at(area), defects[area]);
            assert.ok((await kiosk.confirm(at(area))) > 0, post.machine);
          }
          // Stands while the others work on: after a minute its kiosk asks why.
          if (area === 'press' && round === rounds - 1) demo.stop(nameOf(posts.press[1]!.machine));
        }),
      );
    const first = await call('inspections', { query: { stage: 'first', limit: 100 } });
    assert.equal(first.filter((i) => i.status === 'done' && i.verdict === 'accepted').length, 10);
  });

  part('codes that cannot be right are answered in the reader’s language, and change nothing', async () => {
    const tablet = at('assembly');
    const [post] = posts.assembly;
    await stand(tablet, post!);
    assert.match(await kiosk.refused(tablet, 'WO-NOT-HERE'), /WO-NOT-HERE/);
    assert.match(await kiosk.refused(tablet, 'DD1:daehan/ulsan:L-77'), /daehan\/ulsan/);
    assert.match(await kiosk.refused(tablet, orderAt(posts.moulding[0]!.machine)), /설비/);
    await tablet.act('start an order', async () => {
      await tablet.scan(orderAt(post!.machine));
      await tablet.scan(orderAt(post!.machine));
    });
    await kiosk.until('the run', async () => (await stateOf(post!.machine)).run !== null);
    await tablet.page.waitForTimeout(1500);
    if ((await tablet.page.locator('.k-overlay').count()) > 0) assert.match(await kiosk.readRefusal(tablet), /두 번/);
    const running = await call('runs', { query: { machine: post!.machine, limit: 10 } });
    assert.equal(running.length, 1, 'a double scan starts once');
    runs.set(post!.machine, running[0]!.id);
    assert.match(await kiosk.refused(tablet, 'https://other.example/01/08801234500017/10/L1'), /other\.example|로트/);
  });

  part('two tablets lose the network: one is reloaded, one dies; everything arrives once', async () => {
    const moulding = at('moulding');
    const press = at('press');
    const [imm] = posts.moulding;
    const [stamp] = posts.press;
    await stand(moulding, imm!);
    await stand(press, stamp!);
    await kiosk.answerAll(moulding);
    await kiosk.answerAll(press);
    for (const tablet of [moulding, press]) await kiosk.until('all sent', async () => (await tablet.waiting()) === 0);
    // Stopped, so that what a person reads from its display is what the machine counted.
    for (const { machine } of [imm!, stamp!]) demo.stop(nameOf(machine));
    const shown = new Map<string, { good: number; scrap: number }>();
    for (const { machine } of [imm!, stamp!])
      await kiosk.until('a display that stands still', async () => {
        const before = shown.get(machine);
        const { good, scrap } = (await stateOf(machine)).proposed!;
        shown.set(machine, { good, scrap });
        await moulding.page.waitForTimeout(1200);
        return before?.good === good && before.scrap === scrap;
      });
    const resultsBefore = (await call('runResults', { query: { from: began * 1000, limit: 500 } })).length;
    await moulding.context.setOffline(true);
    await press.context.setOffline(true);

    await kiosk.change(moulding, 'kiosk.change.machine1');
    await moulding.page.reload();
    await kiosk.until('the work after a reload', async () => (await moulding.page.locator('.k-work').count()) > 0);
    await typeCount(moulding, /버/, shown.get(imm!.machine)!);
    await kiosk.until('two kept', async () => (await moulding.waiting()) === 2);

    await kiosk.call(press, 'material');
    await kiosk.until('one kept', async () => (await press.waiting()) === 1);
    await press.crash();
    await kiosk.until('the work after a crash', async () => (await press.page.locator('.k-work').count()) > 0);
    await typeCount(press, /찍힘/, shown.get(stamp!.machine)!);
    await kiosk.handOver(press, 'kiosk.phrase.normal');
    await kiosk.until('three kept', async () => (await press.waiting()) === 3);
    assert.equal((await call('runResults', { query: { from: began * 1000, limit: 500 } })).length, resultsBefore);

    for (const tablet of [moulding, press]) await tablet.context.setOffline(false);
    for (const tablet of [moulding, press]) await kiosk.until('all sent', async () => (await tablet.waiting()) === 0);
    for (const { machine } of [imm!, stamp!]) {
      const results = await call('runResults', { query: { machine, from: began * 1000, limit: 100 } });
      const { good } = shown.get(machine)!;
      const typed = results.filter((r) => r.good === good);
      assert.equal(typed.length, 1, machine);
      assert.equal(typed[0]!.counted?.good, good, 'the figure typed is the one that the machine counted');
      demo.resume(nameOf(machine));
    }
    assert.equal(
      (await call('changes', { query: { machine: imm!.machine, limit: 10 } })).filter((c) => c.status === 'submitted')
        .length,
      1,
    );
    assert.equal((await call('calls', { query: { machine: stamp!.machine, limit: 10 } })).length, 1);
  });

  part('plating by the office, the furnace by hand, and casters from this shift’s own parts', async () => {
    // The kiosk has no place for what leaves the plant: the office sends and receives.
    const [stamp] = posts.press;
    const fork = await call('workOrder', { params: { id: orderAt(stamp!.machine) } });
    const [pressed, plating] = fork.steps;
    const params = { id: fork.id, step: plating!.id };
    await call('sendStep', { params, body: { partner: 'DK-PLATING', quantity: pressed!.good, note: '' } });
    await call('receiveStep', {
      params,
      body: { good: pressed!.good - 2, scrap: 2, defects: [{ reason: 'OTHER', quantity: 2 }], note: '' },
    });

    const heat = at('heat');
    const [cnc, furnace] = posts.heat;
    const axle = await call('workOrder', { params: { id: orderAt(cnc!.machine) } });
    await begin(heat, furnace!);
    await kiosk.answerAll(heat);
    await kiosk.until('the first trays', async () => ((await stateOf(furnace!.machine)).proposed?.total ?? 0) > 0);
    await kiosk.confirmTyped(heat, axle.steps[0]!.good, /오감지|miscount|Datchik/);

    const made = async (order: string) => {
      const { id } = await call('workOrder', { params: { id: order } });
      const lots = (await call('runs', { query: { workOrder: id, limit: 10 } })).flatMap((r) => r.outputLots);
      const found = await call('lots', { query: { limit: 500 } });
      const lot = found.find((l) => l.kind === 'lot' && (l.workOrder === order || lots.includes(l.id)));
      assert.ok(lot, `no lot of ${order}`);
      return lot.number;
    };
    const parts = [await made(orderAt(posts.moulding[2]!.machine)), await made(fork.number), await made(axle.number)];
    const assembly = at('assembly');
    await stand(assembly, posts.assembly[0]!);
    await kiosk.useLots(assembly, parts);
    for (const post of posts.assembly) {
      if (post === posts.assembly[0]) await stand(assembly, post);
      else await begin(assembly, post);
      await kiosk.until('casters', async () => ((await stateOf(post.machine)).proposed?.total ?? 0) > 3);
      await kiosk.answerAll(assembly);
      await kiosk.defect(assembly, /리벳/, 2);
      assert.ok((await kiosk.confirm(assembly)) > 0);
    }
  });

  part('a machine that is stopped asks why; maintenance and material are called, a change is noticed', async () => {
    const [, second] = posts.press;
    const tablet = at('press');
    await stand(tablet, second!);
    await kiosk.call(tablet, 'maintenance');
    await stand(at('moulding'), posts.moulding[1]!);
    await kiosk.call(at('moulding'), 'material');
    await kiosk.change(at('moulding'), 'kiosk.change.material1');
    await kiosk.handOver(at('moulding'), 'kiosk.phrase.watch');
    await tablet.page.locator('.k-title h1', { hasText: tablet.text('kiosk.stop.title') }).waitFor({ timeout: 90_000 });
    await kiosk.giveReason(tablet, 'breakdown', 'hydraulic');
    demo.resume(nameOf(second!.machine));
    const window = { from: began * 1000, to: Date.now() * 1000 };
    await kiosk.until('the reason', async () =>
      (await call('downtimes', { query: { path: second!.machine, ...window } })).some(
        (s) => s.reason === 'breakdown/hydraulic' && s.by !== null,
      ),
    );
    const callsAt = async (machine: string) =>
      (await call('calls', { query: { machine, limit: 10 } })).map((c) => c.kind);
    assert.deepEqual(await callsAt(second!.machine), ['maintenance']);
    assert.deepEqual(await callsAt(posts.moulding[1]!.machine), ['material']);
  });

  part('casters are packed, and the box goes back to the raw lots', async () => {
    const packing = at('packing');
    const [post] = posts.packing;
    await begin(packing, post!);
    await kiosk.until('packed pieces', async () => ((await stateOf(post!.machine)).proposed?.good ?? 0) >= 2);
    const packed = await kiosk.confirm(packing);
    await packing.act('pack a box', async () => {
      await packing.touch('kiosk.action.more');
      await packing.touch('kiosk.pack.title');
      await packing.see('kiosk.pack.hint');
      await packing.type(packed);
      await packing.touch(packing.main);
      await packing.page.locator('.k-title h1', { hasText: /\d{3}/ }).waitFor({ timeout: 30_000 });
    });
    const boxes = await call('lots', { query: { kind: 'container', limit: 10 } });
    assert.equal(boxes.length, 1);
    box = boxes[0]!.number;
    await packing.page.locator('.k-round, .k-foot .k-main').first().click();
    const { nodes } = await call('trace', { params: { id: box }, query: { direction: 'up' } });
    const raw = nodes.filter((n) => n.lot.origin === 'receipt' && n.lot.supplier !== null).map((n) => n.lot.item);
    for (const item of ['PA66-GF15', 'SPCC-2.3', 'S45C-10', 'BEARING-608', 'RIVET-6'])
      assert.ok(raw.includes(item), `${item} among ${raw}`);
    assert.ok(
      nodes.some((n) => n.machine === posts.moulding[2]!.machine),
      'the wheel of this shift is in it',
    );
    process.stdout.write(`box ${box}: ${nodes.length} lots up to ${[...new Set(raw)].join(', ')}\n`);
  });

  part('two people finish the same order: the second is told who did', async () => {
    const [, second] = posts.assembly;
    const late = at('packing');
    await stand(at('assembly'), second!);
    await stand(late, { ...second!, badge: 'HB-402' });
    await kiosk.settle(late);
    await kiosk.until('all sent', async () => (await late.waiting()) === 0);
    await late.context.setOffline(true);
    await late.act('end the work', async () => {
      await late.touch('kiosk.action.finish');
      await late.see('kiosk.finish.title');
      await late.touch('kiosk.finish.send');
    });
    await kiosk.finish(at('assembly'), { lastPiece: false, lastCount: true });
    await late.context.setOffline(false);
    assert.match(await late.act('read why an entry was refused', () => kiosk.readRefusal(late)), /한조립/);
    assert.equal((await call('run', { params: { id: runs.get(second!.machine)! } })).status, 'finished');
  });

  part('the shift ends: last counts and last pieces at every post', async () => {
    await every(async (area, tablet) => {
      for (const post of posts[area]) {
        if ((await stateOf(post.machine)).run === null) continue;
        await stand(tablet, post);
        const furnace = post.machine.includes('furnace');
        const lastPiece = post.operation === 10 && area !== 'assembly';
        // The furnace counts trays, not axles: its pieces were typed.
        await kiosk.finish(tablet, { lastPiece, lastCount: !furnace });
      }
    });
    for (const post of areas.flatMap((area) => posts[area]))
      assert.equal((await stateOf(post.machine)).run, null, post.machine);
    // Final inspection of the finished lots is the quality room's, at its desk.
    for (const inspection of await call('inspections', { query: { status: 'waiting', limit: 100 } })) {
      assert.equal(inspection.stage, 'final', inspection.number);
      const results = inspection.characteristics.flatMap((c) =>
        Array.from({ length: c.required }, (_, i) => ({ characteristic: c.id, sample: i + 1, pass: true })),
      );
      await call('recordInspection', { params: { id: inspection.id }, body: { results, finish: true } });
    }
  });

  part('what is recorded is what the machines counted', async () => {
    const now = Date.now() * 1000;
    const said: string[] = [];
    for (const [machine, id] of runs) {
      const results = (await call('runResults', { query: { run: id, limit: 500 } })).filter((r) => r.run === id);
      const stated = results.reduce((sum, r) => sum + r.good + r.scrap + r.rework, 0);
      const counted = results.reduce((sum, r) => sum + (r.counted?.total ?? 0), 0);
      const { startedAt, countedTo } = await call('run', { params: { id } });
      const { total } = await call('oee', { query: { path: machine, from: startedAt, to: countedTo } });
      assert.equal(counted, total.counts.produced, `${machine}: every piece counted is in one confirmation`);
      const explained = results
        .filter((r) => r.reason !== null)
        .reduce((s, r) => s + r.good + r.scrap - (r.counted?.total ?? 0), 0);
      assert.equal(
        stated - counted,
        explained,
        `${machine}: another figure than the machine's has its reason: ${JSON.stringify(results.map((r) => [r.good, r.scrap, r.rework, r.counted, r.reason]))}`,
      );
      said.push(`${nameOf(machine)} ${stated}/${counted}`);
    }
    process.stdout.write(`stated/counted: ${said.join(', ')}\n`);
    const window = { path: 'hanbit', from: began * 1000, to: now };
    assert.ok((await call('downtimes', { query: window })).some((s) => s.reason === 'breakdown/hydraulic'));
    const problems = [...tablets.values()].flatMap((t) => t.problems);
    assert.deepEqual(problems, []);
  });

  part('stock balances to zero and the audit chain verifies', async () => {
    const day = (ms: number) => new Date(ms + 9 * 60 * minuteMs).toISOString().slice(0, 10);
    const ledger = await call('stockLedger', { query: { from: day(began - 60 * minuteMs), to: day(Date.now()) } });
    assert.ok(ledger.balanced);
    assert.ok(ledger.rows.length > 15);
    const audit = await call('verifyAudit');
    assert.deepEqual([audit.ok, audit.firstBroken], [true, null]);
    assert.ok(audit.events > 100, `${audit.events} events`);
  });

  part('the daily report is filled, signed, locked and printed; so is the owner’s page', async () => {
    const day = await endShift(shift);
    await checkReports(shift, day);
    const office = await openOffice(shift);
    await signReport(shift, office, day);
    assert.equal(await print(office, 'daily-report-press-01.pdf', keep), 1);
    await office.goto(`${plant.url}/owner?day=${day.day}`);
    await office.locator('.owner-figure').first().waitFor();
    const pages = await print(office, 'owner.pdf', keep);
    assert.ok(pages <= 2, `${pages} pages`);
  });

  part('no act took more than a scan and three touches', async () => {
    const acts = [...tablets.values()].flatMap((t) => t.acts);
    process.stdout.write(`${touchTable(acts)}\n`);
    const single = acts.filter((a) => !a.what.startsWith('inspection, whole'));
    assert.ok(single.length > 100);
    for (const act of single) {
      assert.ok(act.touches <= 3, `${act.what}: ${act.touches} touches`);
      assert.ok(act.scans <= 2, `${act.what}: ${act.scans} scans`);
    }
  });
});

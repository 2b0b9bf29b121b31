import assert from 'node:assert/strict';
import type { Tablet } from './tablet.ts';

/** What people do at a kiosk, each act counted by the tablet it is done at. */

const settleMs = 20_000;

/** Waits until `done` says so. */
export async function until(what: string, done: () => Promise<boolean>, limitMs = 40_000): Promise<void> {
  const deadline = Date.now() + limitMs;
  while (!(await done())) {
    if (Date.now() > deadline) throw new Error(`still waiting for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Which screen is open, by what can be seen on it. */
async function screenOf(tablet: Tablet) {
  if ((await tablet.page.locator('.k-overlay').count()) > 0) return 'refused';
  if ((await tablet.page.locator('.k-work').count()) > 0) return 'work';
  for (const stage of ['first', 'middle', 'last'] as const)
    if ((await tablet.page.locator('.k-title h1', { hasText: tablet.text(`kiosk.stage.${stage}`) }).count()) > 0)
      return 'inspection';
  if (await tablet.shows('kiosk.stop.title')) return 'stop';
  if (await tablet.shows('kiosk.stop.titleOver')) return 'stop';
  if (await tablet.shows('kiosk.handover.title')) return 'note';
  if (await tablet.shows('kiosk.offers.none')) return 'offers';
  if ((await tablet.page.locator('.k-foot .k-good').count()) > 0) return 'offers';
  return (await tablet.shows('kiosk.order.title')) ? 'order' : 'other';
}

/** Answers what the kiosk asks by itself until it shows the machine at work, or the orders. */
export async function answerAll(tablet: Tablet, wanted: 'work' | 'order' = 'work'): Promise<void> {
  const deadline = Date.now() + settleMs * 3;
  for (;;) {
    const screen = await screenOf(tablet);
    if (screen === wanted) return;
    if (screen === 'refused')
      throw new Error(`${tablet.name}: refused: ${await tablet.page.locator('.k-overlay').textContent()}`);
    if (screen === 'inspection') await inspect(tablet);
    else if (screen === 'stop') await giveReason(tablet);
    else if (screen === 'offers') await leaveOffers(tablet);
    else if (screen === 'note') await readNote(tablet);
    else await new Promise((resolve) => setTimeout(resolve, 100));
    if (Date.now() > deadline)
      throw new Error(
        `${tablet.name}: no ${wanted} screen: ${((await tablet.kiosk.textContent()) ?? '').slice(0, 400)}`,
      );
  }
}

/** Answers what is asked, whichever screen comes after it. */
export async function settle(tablet: Tablet): Promise<void> {
  await until(
    'an answered screen',
    async () => ['work', 'order'].includes(await screenOf(tablet)) || (await answerOne(tablet)),
  );
}

async function answerOne(tablet: Tablet): Promise<boolean> {
  const screen = await screenOf(tablet);
  if (screen === 'inspection') await inspect(tablet);
  else if (screen === 'stop') await giveReason(tablet);
  else if (screen === 'offers') await leaveOffers(tablet);
  else if (screen === 'note') await readNote(tablet);
  return false;
}

/** What the person before left in writing. */
async function readNote(tablet: Tablet): Promise<void> {
  await tablet.act('read a hand-over note', () => tablet.touch(tablet.main));
  await until('the note’s end', async () => !(await tablet.shows('kiosk.handover.title')));
}

/** Each piece by a gauge that types and one touch, each look by one touch; then sent. All of them good. */
async function inspect(tablet: Tablet): Promise<void> {
  const stage = ((await tablet.page.locator('.k-title h1').first().textContent()) ?? '').trim();
  const since = tablet.acts.length;
  const whole = async () => {
    for (let n = 0; n < 60; n++) {
      if (await tablet.shows('kiosk.inspection.allIn')) break;
      assert.ok(!(await tablet.shows('kiosk.inspection.someOut')), 'a good piece was judged bad');
      const limits = tablet.page.locator('.k-limits span');
      const look = tablet.page.locator('.k-foot .k-good');
      await limits.or(look).first().waitFor({ timeout: settleMs });
      const of = await tablet.page.locator('.k-hint').first().textContent();
      if ((await look.count()) > 0) await tablet.act('inspection: one look', () => tablet.touch(look));
      else
        await tablet.act('inspection: one value', async () => {
          const [lower, , upper] = (await limits.allTextContents()).map((x) =>
            Number(x.replace(',', '.').replace(/[^\d.-]/g, '')),
          );
          const middle = (lower! + upper!) / 2;
          await tablet.scan((middle + (upper! - lower!) * 0.15 * Math.sin(n * 2.3)).toFixed(3));
          await tablet.touch(tablet.main);
        });
      await until(
        `the next piece after ${of}`,
        async () =>
          (await tablet.page
            .locator('.k-hint')
            .first()
            .textContent()
            .catch(() => '')) !== of,
      );
    }
    await tablet.act('inspection: send', () => tablet.touch('kiosk.inspection.send'));
    // Kept on the tablet first: until then its summary stands there still.
    await until('the summary’s end', async () => !(await tablet.shows('kiosk.inspection.allIn')));
  };
  await whole();
  const parts = tablet.acts.slice(since);
  const sum = (key: 'scans' | 'touches' | 'ms') => parts.reduce((all, part) => all + part[key], 0);
  const cost = { scans: sum('scans'), touches: sum('touches'), digits: 0, ms: sum('ms') };
  tablet.acts.push({ what: `inspection, whole (${stage})`, tablet: tablet.name, ...cost });
}

/** Why it stood: a group and a reason, or what was chosen lately; then what others knew about it is put away. */
export async function giveReason(tablet: Tablet, group = 'waiting', reason = 'jam'): Promise<void> {
  await tablet.act('reason of a stop', async () => {
    const names = {
      waiting: /대기|Waiting/,
      breakdown: /설비고장|Breakdown/,
      jam: /걸림|Jam/,
      hydraulic: /유압 이상|Hydraulics/,
    };
    const pick = names[reason as keyof typeof names] ?? new RegExp(reason);
    const before = tablet.kiosk.getByRole('button', { name: pick }).first();
    if ((await before.count()) === 0) await tablet.touch(tablet.button(names[group as keyof typeof names] ?? group));
    await tablet.touch(tablet.button(pick));
    await leaveOffers(tablet);
  });
}

async function leaveOffers(tablet: Tablet): Promise<void> {
  const none = tablet.kiosk.getByText(tablet.text('kiosk.offers.none'));
  const helped = tablet.page.locator('.k-foot .k-good');
  await none
    .or(helped)
    .first()
    .waitFor({ timeout: settleMs })
    .catch(() => {});
  if ((await helped.count()) > 0) await tablet.touch(helped);
  else if ((await none.count()) > 0) await tablet.touch(tablet.main);
}

/** One scan of the order's barcode. */
export async function start(tablet: Tablet, order: string): Promise<void> {
  await answerAll(tablet, 'order');
  await tablet.act('start an order', async () => {
    await tablet.scan(order);
    await tablet.see('kiosk.order.started');
  });
}

/** Pieces with a defect: the first opens and closes the screen, each more is a touch of its own. */
export async function defect(tablet: Tablet, name: RegExp, pieces = 1): Promise<void> {
  await answerAll(tablet);
  const one = await tablet.act('one bad piece', async () => {
    await tablet.touch('kiosk.action.defect');
    await tablet.touch(tablet.button(name));
    return tablet.kiosk.getByRole('button', { name });
  });
  for (let n = 1; n < pieces; n++) await tablet.act('one more bad piece', () => tablet.touch(one.first()));
  const last = tablet.acts.findLast((act) => act.what === 'one bad piece')!;
  await tablet.touch(tablet.main);
  last.touches++;
}

/** The button that opens the count; `counted` waits until the machine has counted something. */
async function openCount(tablet: Tablet, counted: boolean): Promise<void> {
  const button = tablet.page.locator('.k-figures .k-main').filter({ hasText: tablet.text('kiosk.work.confirmHint') });
  await until('a count to confirm', async () => {
    await answerAll(tablet);
    const text = ((await button.textContent({ timeout: 1000 }).catch(() => '')) ?? '').replace(/[.,\s]/g, '');
    return counted ? /[1-9]/.test(text) : text !== '';
  });
  await tablet.touch(button);
  await tablet.see('kiosk.confirm.title');
}

/** The machine's count is agreed to. Gives the figure that was on the screen. */
export async function confirm(tablet: Tablet): Promise<number> {
  await answerAll(tablet);
  return tablet.act('confirm the machine’s count', async () => {
    await openCount(tablet, true);
    const good = await tablet.page.locator('.k-big strong').first().textContent();
    await tablet.touch(tablet.main);
    await tablet.see('kiosk.confirm.thanks');
    return Number((good ?? '').replace(/\D/g, ''));
  });
}

/** A figure that a person counted. Online another figure than the machine's wants its reason. */
export async function confirmTyped(tablet: Tablet, good: number, reason?: RegExp): Promise<void> {
  await answerAll(tablet);
  await tablet.act(reason ? 'confirm another count, with its reason' : 'confirm a typed count', async () => {
    await openCount(tablet, false);
    if ((await tablet.page.locator('.k-pad').count()) === 0) await tablet.touch('kiosk.confirm.correct');
    await tablet.type(good);
    await tablet.touch(reason ? tablet.button(reason) : tablet.main);
    await tablet.see('kiosk.confirm.thanks');
  });
}

export async function call(tablet: Tablet, kind: 'maintenance' | 'material'): Promise<void> {
  await answerAll(tablet);
  await tablet.act(`call ${kind}`, async () => {
    await tablet.touch('kiosk.action.call');
    await tablet.touch(`kiosk.call.${kind}`);
  });
}

export async function change(tablet: Tablet, text: string): Promise<void> {
  await answerAll(tablet);
  await tablet.act('4M change notice', async () => {
    await tablet.touch('kiosk.action.more');
    await tablet.touch('kiosk.change.title');
    await tablet.touch(text);
  });
}

export async function handOver(tablet: Tablet, text: string): Promise<void> {
  await answerAll(tablet);
  await tablet.act('hand-over note', async () => {
    await tablet.touch('kiosk.action.more');
    await tablet.touch('kiosk.handover.write');
    await tablet.touch(text);
  });
}

/** The labels of lots that go in, scanned one after the other without a look at the screen. */
export async function useLots(tablet: Tablet, lots: readonly string[]): Promise<void> {
  await answerAll(tablet);
  for (const lot of lots) await tablet.act('material goes in', () => tablet.scan(lot));
  await tablet.see(new RegExp(lots.at(-1)!));
}

/** Drawing and instruction; gives what each says it is of. */
export async function documents(tablet: Tablet): Promise<string[]> {
  await answerAll(tablet);
  const said: string[] = [];
  await tablet.act('look at the drawing', () => tablet.touch('kiosk.action.documents'));
  await until('the documents’ names', async () =>
    / · .*\.png/.test((await tablet.page.locator('.k-hint').first().textContent()) ?? ''),
  );
  const tabs = tablet.page.locator('.k-tabs .k-press');
  for (let n = 0; n < Math.max(1, await tabs.count()); n++) {
    if ((await tabs.count()) > 0) await tabs.nth(n).click();
    said.push((await tablet.page.locator('.k-hint').first().textContent()) ?? '');
    await until('the picture', async () =>
      tablet.page.locator('.k-sheet img').evaluate((img) => (img as { naturalWidth?: number }).naturalWidth !== 0),
    );
  }
  await tablet.page.locator('.k-round').click();
  return said;
}

/** A code that cannot be right: the tablet says why, and it is read away. Gives what it said. */
export async function refused(tablet: Tablet, scan: string): Promise<string> {
  return tablet.act('read why a scan was refused', async () => {
    await tablet.scan(scan);
    return readRefusal(tablet);
  });
}

export async function readRefusal(tablet: Tablet): Promise<string> {
  const card = tablet.page.locator('.k-overlay');
  // A tablet that was without a network tries again after at most half a minute.
  await card.waitFor({ timeout: settleMs * 2 });
  const said = (await card.textContent()) ?? '';
  await tablet.touch(card.locator('.k-main'));
  await card.waitFor({ state: 'detached' });
  return said;
}

/** The last count where it is wanted, the last piece where the plan wants it, and the end. */
export async function finish(tablet: Tablet, wants: { lastPiece: boolean; lastCount: boolean }): Promise<void> {
  await answerAll(tablet);
  if (wants.lastCount) await confirm(tablet);
  await answerAll(tablet);
  await tablet.act('end the work', async () => {
    await tablet.touch('kiosk.action.finish');
    await tablet.see('kiosk.finish.title');
    if (!wants.lastPiece) await tablet.touch(tablet.main);
  });
  if (wants.lastPiece) {
    await tablet.act('end the work: to the last piece', () => tablet.touch('kiosk.inspection.last'));
    await tablet.page
      .locator('.k-title h1', { hasText: tablet.text('kiosk.stage.last') })
      .waitFor({ timeout: settleMs });
    await inspect(tablet);
    await tablet.act('end the work: done', () => tablet.touch('kiosk.finish.send'));
  }
  await answerAll(tablet, 'order');
}

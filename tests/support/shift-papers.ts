import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { posts, withShift } from './demo-shift.ts';
import { until } from './kiosk-acts.ts';
import type { ShiftPlant } from './shift-plant.ts';

const minuteMs = 60_000;

interface Shift {
  id: string;
  day: string;
  from: number;
  to: number;
}

/** The calendar's shift ends with the next full minute: saved in the plant file as a person would. */
export async function endShift({ call, began }: ShiftPlant): Promise<Shift> {
  const { text, revision } = await call('plantFile');
  const end = Math.ceil((Date.now() + 4000) / minuteMs) * minuteMs;
  await call('savePlantFile', { body: { text: withShift(text, began - 2 * minuteMs, end), revision } });
  await until('the end of the shift', async () => Date.now() > end + 500, 70_000);
  const path = posts.press[0]!.machine;
  const [shift] = await call('shifts', { query: { path, from: began * 1000, to: began * 1000 + 1 } });
  return shift!;
}

/** Every machine that worked has its report, with what was confirmed there, who worked and how long it ran. */
export async function checkReports({ call, began }: ShiftPlant, shift: Shift): Promise<void> {
  const reports = await call('dailyReports', { query: { day: shift.day } });
  const filled = reports.filter((r) => r.shift === shift.id && r.lines.length > 0);
  assert.equal(filled.length, 14, 'one for each machine that worked');
  for (const report of filled) {
    const results = await call('runResults', { query: { machine: report.machine, from: began * 1000, limit: 500 } });
    const good = results.reduce((sum, r) => sum + r.good, 0);
    assert.equal(report.good, good, report.machine);
    assert.ok(report.labour.length > 0 && report.time.runMinutes > 0, report.machine);
  }
}

/** A page of the office's, signed in as the boss. */
export async function openOffice({ browser, plant, cookie }: ShiftPlant): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'ko-KR' });
  const [name, value] = cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: plant.url }]);
  return context.newPage();
}

/** Signs the first press's report three times on its page, sees the day locked, and opens it as it is printed. */
export async function signReport({ plant, call, orders }: ShiftPlant, office: Page, shift: Shift): Promise<void> {
  const { machine, badge } = posts.press[0]!;
  await office.goto(`${plant.url}/production?tab=daily`);
  await office.locator('input[type=date]').fill(shift.day);
  const panel = office.locator('section.panel', { hasText: '프레스 1호기' }).first();
  for (const step of ['작성 서명', '검토 서명', '승인하고 마감']) {
    await panel.getByRole('button', { name: step }).click();
    await panel.getByRole('button', { name: step }).waitFor({ state: 'detached' });
  }
  const locked = await call('dailyReport', { query: { machine, day: shift.day, shift: shift.id } });
  assert.equal(locked.status, 'closed');
  const signed = locked.signatures.map((s) => s.step);
  assert.deepEqual(signed, ['written', 'reviewed', 'approved']);
  const order = orders.get(machine)!;
  const late = call('startRun', { body: { machine, order, badge, time: shift.to - 1_000_000 } });
  await assert.rejects(late, /dayClosed/);
  const address = await panel.getByRole('link', { name: '인쇄' }).getAttribute('href');
  await office.goto(`${plant.url}${address}`);
  for (const seen of ['작업일보', '프레스 1호기', '공장장', '마감', order, '박기장', '설비'])
    await office.getByText(seen).first().waitFor();
}

/** On paper as the browser prints it, kept in the folder `keep` where one is named. Gives the number of pages. */
export async function print(page: Page, name: string, keep: string): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false });
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  if (keep) await writeFile(join(keep, name), pdf);
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

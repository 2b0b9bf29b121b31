import { writeFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';

const frames = 5;

/** Chromium's camera shows this file, and asks nobody. */
export const cameraArgs = (file: string): string[] => [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  `--use-file-for-fake-video-capture=${file}`,
];

/**
 * Writes what a tablet's camera would see of a picture (an address of an image): held a little askew, not quite sharp, in
 * the light of a hall. `page` is a blank page to set it up on; its viewport becomes 1280×720.
 */
export async function film(page: Page, picture: string, file: string): Promise<void> {
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.setContent(
    `<body style="margin:0;background:#5b5d58;display:grid;place-items:center;height:720px;overflow:hidden">
      <img src="${picture}" style="height:560px;transform:rotate(-7deg) skewX(3deg);filter:blur(.8px) brightness(.82) contrast(.85)">`,
  );
  await page.locator('img').evaluate('(image) => image.decode()');
  const frame = await page.screenshot({ type: 'jpeg', quality: 70 });
  await writeFile(file, Buffer.concat(Array.from({ length: frames }, () => frame)));
}

/** Bull Board in a real Chromium: what a later version of it shows or asks otherwise is seen here. */
import { readAudit } from '@sluice/operator';
import { countDeadLetters } from '@sluice/queue';
import { ensureChromium } from '@sluice/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FedBoard, startFedBoard, TARGET } from '../testing/fed-board.ts';

const executablePath = await ensureChromium((text) => process.stderr.write(`${text}\n`));
if (!executablePath) process.stderr.write('skipped: Bull Board in a browser; no chromium here, and none could be installed\n');

describe.runIf(executablePath)('Bull Board in a browser', () => {
  const stack = new AsyncDisposableStack();
  const asked: string[] = [];
  const complaints: string[] = [];
  let browser: Browser;
  let page: Page;
  let board: FedBoard;

  beforeAll(async () => {
    board = stack.use(await startFedBoard());
    await board.enqueue(['DTW']);
    await board.reject(['ATL', 'SFO', 'BOS']);
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    stack.defer(() => browser.close());
    page = await browser.newPage({ locale: 'en-US' });
    page.on('request', (request) => asked.push(request.url()));
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(() => stack.disposeAsync());

  it('groups the queues by target, and shows no status that none of them has', async () => {
    await page.goto(`${board.url}/queues`);
    await page.getByRole('link', { name: 'lane 01' }).first().waitFor();
    const statuses = page.locator('a[href*="status="]');
    await expect.poll(async () => (await visibleTexts(statuses)).toSorted()).toEqual(['ACTIVE', 'FAILED', 'WAITING']);
  });

  it('offers to send a dead letter again and to remove it, and nothing else; both keep the record', async () => {
    await page.goto(`${board.url}/queues/queue/${encodeURIComponent(`${TARGET}: dead letters`)}?status=failed`);
    await page.getByText('RECORD_TOO_LARGE · ATL').waitFor();
    expect(await page.locator('svg.lucide-pencil:visible, svg.lucide-files:visible').count()).toBe(0);
    const confirm = page.getByRole('button', { name: 'Confirm' });

    await page.locator('button:has(> svg.lucide-refresh-cw):not(:has-text("all"))').first().click();
    await confirm.click();
    await expect.poll(() => countDeadLetters(board.session, { target: TARGET })).toBe(2);
    await confirm.waitFor({ state: 'detached' });
    await page.locator('button:has(> svg.lucide-trash-2):not(:has-text("all"))').first().click();
    await confirm.click();
    await expect.poll(() => countDeadLetters(board.session, { target: TARGET })).toBe(1);
    const entries = await readAudit({ session: board.session, keyPrefix: 'sluice' }, 5);
    expect(entries.map(({ action }) => action)).toEqual(['dead_letters.remove', 'dead_letters.redrive']);
  });

  it('asks no other host, and keeps to the content security policy', () => {
    expect(asked.length).toBeGreaterThan(10);
    expect([asked.filter((url) => !url.startsWith(board.url)), complaints]).toEqual([[], []]);
  });
});

/** Without the counts beside them. */
async function visibleTexts(links: ReturnType<Page['locator']>): Promise<string[]> {
  const shown = await links.filter({ visible: true }).allInnerTexts();
  return [...new Set(shown.map((text) => text.replace(/[^A-Z ]/g, '').trim()))];
}

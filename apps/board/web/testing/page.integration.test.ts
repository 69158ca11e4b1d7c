/** The page in a real Chromium: over installations of the fixture under the board's content policy, and with the real board on a real Redis. */
import { ensureChromium } from '@sluice/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FedBoard } from '../../src/testing/fed-board.ts';
import { buildWeb } from '../build.ts';
import { KINDS, type Kind } from '../fixture/installation.ts';
import { serveFixture } from '../fixture/serve.ts';
import { fitsItsWidth, goTo, LOOKS, type Look, openPage, violationsOf } from './looks.ts';
import { startSeededBoard } from './real-board.ts';
import { VIEWS } from './views.ts';

const executablePath = await ensureChromium((text) => process.stderr.write(`${text}\n`));
if (!executablePath) process.stderr.write('skipped: the status page in a browser; no chromium here, and none could be installed\n');

/** Installations stand still, so that what is looked at does not change while it is looked at. */
const NOW = Date.UTC(2026, 0, 31, 8, 0, 0);
const now = () => NOW;
const stack = new AsyncDisposableStack();
let browser: Browser;
let urls: Readonly<Record<Kind, string>>;

describe.skipIf(!executablePath)('status page', () => {
  beforeAll(async () => {
    await buildWeb({ ifStale: true });
    browser = await chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox'] });
    stack.defer(() => browser.close());
    const servers = await Promise.all(KINDS.map(async (kind) => [kind, stack.use(await serveFixture({ kind, now })).url] as const));
    urls = Object.fromEntries(servers) as Record<Kind, string>;
  });

  afterAll(() => stack.disposeAsync());

  describe.each(LOOKS)('$scheme, $width px wide', (look) => {
    it.each(kindsIn(look))('no view of an installation that is %s has a barrier or sticks out', async (kind) => {
      await using open = await openPage(browser, urls[kind], look);
      for (const { hash, heading } of VIEWS.filter((view) => view.kind === kind)) {
        await goTo(open.page, hash, heading);
        expect({ hash, found: await violationsOf(open.page), fits: await fitsItsWidth(open.page) }).toEqual({
          hash,
          found: [],
          fits: true,
        });
      }
      expect(open.complaints).toEqual([]);
    });

    it('has no barrier in its dialogs', async () => {
      await using open = await openPage(browser, `${urls.small}#/targets/${encodeURIComponent('output/gates')}`, look);
      await open.page.getByRole('button', { name: 'Pause' }).click();
      await open.page.getByRole('button', { name: 'Show what it would do' }).click();
      await open.page.getByText('It would:').waitFor();
      expect(await violationsOf(open.page)).toEqual([]);
      await open.page.keyboard.press('Escape');
      await open.page.getByRole('button', { name: 'Change lanes…' }).click();
      await open.page.getByLabel('What shares a lane').selectOption('shard');
      expect(await violationsOf(open.page)).toEqual([]);
      await open.page.keyboard.press('Escape');
      await open.page.keyboard.press('?');
      await open.page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
      expect(await violationsOf(open.page)).toEqual([]);
    });
  });

  it('pauses an ingress by keyboard alone', async () => {
    await using server = await serveFixture({ kind: 'small', now });
    await using open = await openPage(browser, server.url);
    const { keyboard } = open.page;
    await keyboard.press('g');
    await keyboard.press('s');
    await open.page.getByRole('heading', { level: 1, name: 'Streams' }).waitFor();
    await tabTo('link', 'gate-events');
    await keyboard.press('Enter');
    await open.page.getByRole('heading', { level: 1, name: 'gate-events' }).waitFor();
    await tabTo('button', 'Pause');
    await keyboard.press('Enter');
    await open.page.getByRole('dialog').waitFor();
    await tabTo('textbox', 'Reason');
    await keyboard.type('maintenance');
    await keyboard.press('Enter');
    await open.page.getByText('It would:').waitFor();
    await tabTo('button', 'Pause');
    await keyboard.press('Enter');
    await open.page.getByText('Done', { exact: true }).waitFor();
    await keyboard.press('Escape');
    await open.page.getByText('Ingress gates · Paused by ada (board)').waitFor();
    await expect.poll(() => focusedName(open.page)).toBe('Resume');

    async function tabTo(role: 'link' | 'button' | 'textbox', name: string): Promise<void> {
      for (let steps = 0; steps < 80; steps++) {
        await keyboard.press('Tab');
        const isThere = await open.page.getByRole(role, { name }).evaluateAll((found) => found.includes(document.activeElement as never));
        if (isThere) return;
      }
      throw new Error(`expected to reach ${role} ${name} by Tab, did not in 80 steps`);
    }
  });

  it('walks among shards with the arrow keys, and a shard keeps its address after a reload', async () => {
    await using open = await openPage(browser, `${urls.large}#/streams/${encodeURIComponent('clicks/clickstream')}`);
    const { page } = open;
    const cells = page.getByRole('list', { name: '1,000 shards of clicks/clickstream' }).getByRole('link');
    await cells.first().focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft']) await page.keyboard.press(key);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Shard 1' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Shard 1' }).waitFor();
  });

  it('finds one of a thousand shards by its filter', async () => {
    await using open = await openPage(browser, `${urls.large}#/streams/${encodeURIComponent('clicks/clickstream')}`);
    const { page } = open;
    await page.getByRole('table', { name: 'Shards of clicks/clickstream' }).waitFor();
    expect(await page.getByRole('row').count()).toBe(51);
    await page.keyboard.press('/');
    await page.keyboard.type('000000000777');
    await page.getByText('1 of 1,000', { exact: true }).waitFor();
    await page.getByRole('link', { name: '777', exact: true }).waitFor();
  });

  it('keeps the last picture while nobody answers, says so, and recovers by itself', async () => {
    await using server = await serveFixture({ kind: 'small', now });
    await using open = await openPage(browser, server.url);
    const { page } = open;
    server.board.outage = { status: 503, body: { error: 'Redis does not answer', code: 'REDIS_UNAVAILABLE' } };
    await page.getByRole('alert').getByText('Redis does not answer').waitFor();
    await page.getByRole('alert').getByText('The picture is').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Everything flows');
    expect(await violationsOf(page)).toEqual([]);
    server.board.outage = undefined;
    await page.getByRole('alert').waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('[data-announcer]').textContent()).toContain('Everything flows');
  });

  it('asks for a login that has ended', async () => {
    await using server = await serveFixture({ kind: 'small', now });
    await using open = await openPage(browser, server.url);
    server.board.outage = { status: 401, body: { error: 'expected a login', code: 'LOGIN_REQUIRED' } };
    await open.page.getByRole('link', { name: 'Sign in again' }).waitFor();
  });

  it('offers nothing to change where the board is read-only, and says why', async () => {
    await using server = await serveFixture({ kind: 'broken', now, session: { readOnly: true, payloads: false } });
    await using open = await openPage(browser, `${server.url}#/targets/${encodeURIComponent('output/departures')}`);
    const pause = open.page.getByRole('button', { name: 'Pause' });
    expect([await pause.isDisabled(), await pause.getAttribute('title')]).toEqual([true, 'This board is read-only']);
    await open.page.getByText('read-only', { exact: true }).waitFor();
  });

  it('shows what records contain as text, whatever it is', async () => {
    await using open = await openPage(browser, `${urls.broken}#/targets/${encodeURIComponent('com.example/greeter')}`);
    await open.page.getByText('<b>frank</b>').waitFor();
    await goTo(open.page, `#/dead-letters/${encodeURIComponent('output/departures')}/5f3a9c21-0`, 'Dead letter');
    await open.page.getByRole('button', { name: 'Show data' }).click();
    await open.page.getByText('"remark": "São Paulo → Zürich"').waitFor();
    await open.page.getByRole('button', { name: 'Hex' }).click();
    await open.page.getByText('00000000  7b 22 66 6c 69 67 68 74').waitFor();
  });

  it('works behind a path, and asks nobody but the board', async () => {
    await using server = await serveFixture({ kind: 'small', now }, 0, '/ops/sluice/');
    const context = await browser.newContext();
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(server.url);
    await page.getByRole('heading', { level: 1, name: 'Everything flows' }).waitFor();
    expect(asked.filter((url) => !url.startsWith(server.url))).toEqual([]);
    await context.close();
  });

  it('keeps the theme that was chosen', async () => {
    await using open = await openPage(browser, urls.small);
    const { page } = open;
    const background = () => page.evaluate(() => getComputedStyle(document.body).colorScheme + document.documentElement.dataset['theme']);
    await page.getByRole('button', { name: 'Theme: auto' }).click();
    await page.getByRole('button', { name: 'Theme: light' }).click();
    await page.reload();
    await page.getByRole('button', { name: 'Theme: dark' }).waitFor();
    expect(await background()).toBe('darkdark');
  });

  describe('of the real board', () => {
    let board: FedBoard;
    beforeAll(async () => {
      board = stack.use(await startSeededBoard());
    });

    it('shows a thousand shards within the width of a phone', async () => {
      await using open = await openPage(browser, board.url, { scheme: 'light', width: 375 });
      const cells = open.page.getByRole('list', { name: '1,000 shards of flights/flights-live' }).getByRole('listitem');
      await expect.poll(() => cells.count()).toBe(1_000);
      expect(await fitsItsWidth(open.page)).toBe(true);
      expect(open.complaints).toEqual([]);
    });

    it('pauses an ingress and resumes it; both stand in the audit log', async () => {
      await using open = await openPage(browser, `${board.url}/#/streams/${encodeURIComponent('flights/flights-live')}`);
      const { page } = open;
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByLabel('Reason').fill('maintenance');
      await page.getByRole('button', { name: 'Show what it would do' }).click();
      await page.getByText('pause ingress flights: 0 workers will give back their leases').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Done', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
      await page.getByText(': maintenance').waitFor();
      await page.getByRole('button', { name: 'Resume' }).click();
      await page.getByText('It would:').waitFor();
      await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
      await page.getByText('Done', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
      await goTo(page, '#/audit', 'Audit log');
      expect(await page.getByRole('row').allTextContents()).toEqual([
        expect.stringContaining('When'),
        expect.stringContaining('resumeflights'),
        expect.stringContaining('pauseflights'),
      ]);
    });

    it('redrives a dead letter', async () => {
      await using open = await openPage(browser, `${board.url}/#/dead-letters`);
      const { page } = open;
      const rows = page.getByRole('table', { name: 'Dead letters of output/departures' }).getByRole('row');
      await expect.poll(() => rows.count()).toBe(4);
      await page
        .getByRole('checkbox', { name: /^Choose dead letter/ })
        .first()
        .check();
      await page.getByRole('button', { name: 'Redrive 1…' }).click();
      await page.getByText('redrive 1 dead letter of output/departures', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Redrive', exact: true }).click();
      await page.getByText('1 dead letter sent again').waitFor();
      await page.getByRole('button', { name: 'Close' }).click();
      await expect.poll(() => rows.count()).toBe(3);
      expect(open.complaints).toEqual([]);
    });

    it('shows a job of a lane with its records and their data', async () => {
      await using open = await openPage(browser, `${board.url}/#/targets/${encodeURIComponent('output/departures')}/lanes/1`);
      const { page } = open;
      await page.getByRole('table', { name: 'Jobs of lane 1' }).getByRole('link', { name: '1', exact: true }).click();
      await page.getByRole('button', { name: 'Show data' }).click();
      await page.getByText('data of JFK').waitFor();
    });
  });
});

/** A thousand shards take axe long, and look alike everywhere: once on a desk, once on a phone. */
const kindsIn = ({ scheme, width }: Look): readonly Kind[] =>
  (scheme === 'light') === width > 375 ? KINDS : KINDS.filter((kind) => kind !== 'large');

const focusedName = (page: Page): Promise<string | null> => page.evaluate(() => document.activeElement?.textContent ?? null);

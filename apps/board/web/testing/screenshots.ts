/** Pictures of the page for the docs, over installations of the fixture: `node apps/board/web/testing/screenshots.ts`. They come out the same each time. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureChromium } from '@sluice/testkit';
import { type Browser, chromium, type Page } from 'playwright-core';
import { buildWeb } from '../build.ts';
import type { Kind } from '../fixture/installation.ts';
import { serveFixture } from '../fixture/serve.ts';

const FOLDER = join(import.meta.dirname, '../../../../docs/images');
const NOW = Date.UTC(2026, 0, 31, 9, 30, 0);

interface Picture {
  readonly name: string;
  readonly kind: Kind;
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  /** What is done before the picture is taken. */
  readonly act?: (page: Page) => Promise<void>;
}

const DESK = { width: 1_280, height: 900 };
const PHONE = { width: 390, height: 844 };

const PICTURES: readonly Picture[] = [
  { name: 'status-page', kind: 'small', hash: '#/', ...DESK },
  { name: 'status-page-trouble', kind: 'broken', hash: '#/', ...DESK },
  { name: 'status-page-large', kind: 'large', hash: '#/', ...DESK },
  { name: 'status-page-function', kind: 'broken', hash: `#/targets/${encodeURIComponent('com.example/greeter')}`, ...DESK },
  { name: 'status-page-phone', kind: 'broken', hash: '#/', ...PHONE },
  {
    ...{ name: 'status-page-action', kind: 'small', hash: `#/streams/${encodeURIComponent('gates/gate-events')}`, ...DESK },
    act: async (page) => {
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByLabel('Reason').fill('replay of Tuesday is being prepared');
      await page.getByRole('button', { name: 'Show what it would do' }).click();
      await page.getByText('It would:').waitFor();
    },
  },
];

async function take(browser: Browser, { name, kind, hash, width, height, act }: Picture, scheme: 'light' | 'dark'): Promise<void> {
  await using server = await serveFixture({ kind, now: () => NOW });
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
    timezoneId: 'UTC',
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW);
  await page.goto(server.url + hash);
  await page
    .getByRole('heading', { level: 1 })
    .and(page.getByText(/^(?!Sluice$)/))
    .waitFor();
  await page.getByText('Loading…').waitFor({ state: 'detached' });
  await act?.(page);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: join(FOLDER, `${name}-${scheme}.png`) });
  await context.close();
}

const executablePath = await ensureChromium((text) => process.stderr.write(`${text}\n`));
if (!executablePath) throw new Error('expected chromium on the PATH, found none; Debian: apt-get install chromium');
await buildWeb({ ifStale: true });
mkdirSync(FOLDER, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
for (const picture of PICTURES) for (const scheme of ['light', 'dark'] as const) await take(browser, picture, scheme);
await browser.close();

import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';

/** How a page is looked at. */
export interface Look {
  readonly scheme: 'light' | 'dark';
  readonly width: number;
}

export const LOOKS: readonly Look[] = [
  { scheme: 'light', width: 1_280 },
  { scheme: 'dark', width: 1_280 },
  { scheme: 'light', width: 375 },
  { scheme: 'dark', width: 375 },
];

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** What the browser complained of: errors of scripts, and what the content policy refused. */
  readonly complaints: string[];
}

/** Limits are for what never comes: the page waits for what it needs. */
const LIMIT_MS = 100_000;

export async function openPage(browser: Browser, url: string, { scheme, width }: Look = LOOKS[0]!): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(LIMIT_MS);
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // The browser logs refused requests as errors too. Those are expected: the page shows them by itself.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) complaints.push(message.text());
  });
  await page.goto(url);
  await page.locator('main h1').waitFor();
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Goes to a page by its hash and waits until it is there. */
export async function goTo(page: Page, hash: string, heading: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.getByRole('heading', { level: 1, name: heading }).waitFor();
  await page.getByText('Loading…').waitFor({ state: 'detached' });
}

/** What axe finds, as lines: the rule, and where. */
export async function violationsOf(page: Page): Promise<string[]> {
  // Legacy: it opens no second page to put its findings together, which only frames of other origins need. That took half of the time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
  );
}

/** Whether nothing sticks out at the side. */
export const fitsItsWidth = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

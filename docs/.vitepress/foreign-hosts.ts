import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a browser fetches by itself when it shows a page: scripts, styles, fonts, pictures. Links that a reader may follow are not. */
const FETCHED =
  /<(?:script|img|source|iframe)\b[^>]*\ssrc="(?:https?:)?\/\/[^"]*"|<link\b[^>]*\shref="(?:https?:)?\/\/[^"]*"|url\(["']?(?:https?:)?\/\/[^)]*\)/g;

/** @throws {Error} a page or a style sheet of the site would fetch something from another host */
export function refuseForeignHosts(folder: string): void {
  const found = globSync('**/*.{html,css}', { cwd: folder }).flatMap((file) =>
    (readFileSync(join(folder, file), 'utf8').match(FETCHED) ?? []).map((what) => `${file}: ${what}`),
  );
  if (found.length > 0) throw new Error(`the site must work without a network, and fetches from other hosts:\n${found.join('\n')}`);
}

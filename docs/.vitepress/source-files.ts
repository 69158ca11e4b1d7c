import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const DOCS = resolve(import.meta.dirname, '..');
const ROOT = dirname(DOCS);

/** `[text](target)`, `[text](target#part)`; not addresses of other hosts, not parts of the page itself. */
const LINK = /\]\((?![a-z]+:|#|\/)([^)\s#]+)/g;

/** What a link of a file of the repository leads to: a path from its root, or an error if nothing is there. */
export function targetOf(file: string, href: string): string {
  const path = relative(ROOT, resolve(dirname(join(ROOT, file)), href));
  if (statSync(join(ROOT, path), { throwIfNoEntry: false }) === undefined) throw new Error(`${file}: dead link ${href}`);
  return path;
}

/** Files and folders outside of the docs that pages link to, and what those link to in turn, by their path from the root. */
export function linkedFiles(): string[] {
  const found = new Set<string>();
  const follow = (file: string): void => {
    for (const [, href] of readFileSync(join(ROOT, file), 'utf8').matchAll(LINK)) {
      const path = targetOf(file, href!);
      if (path.startsWith('docs/') || path === '' || path === 'docs' || found.has(path)) continue;
      found.add(path);
      if (path.endsWith('.md')) follow(path);
      for (const entry of filesIn(path)) if (!found.has(entry)) found.add(entry);
    }
  };
  for (const page of globSync('docs/**/*.md', { cwd: ROOT, exclude: (name) => name.includes('node_modules') || name.includes('source') })) {
    follow(page);
  }
  return [...found].toSorted();
}

/** The files directly in a folder, in the order of their names; none if the path is a file. */
export function filesIn(path: string): string[] {
  if (!statSync(join(ROOT, path)).isDirectory()) return [];
  return globSync(`${path}/*`, { cwd: ROOT })
    .filter((entry) => statSync(join(ROOT, entry)).isFile())
    .toSorted();
}

export const readSource = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** The page of a file below `source/`, and back: a page of Markdown has its ending already. */
export const pageOf = (path: string): string => path.replace(/\.md$/, '');
export const sourceOf = (page: string): string => (existsSync(join(ROOT, `${page}.md`)) ? `${page}.md` : page);

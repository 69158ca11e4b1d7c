import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorOf } from './anchor.ts';
import { SECTIONS } from './sections.ts';

const DOCS = resolve(import.meta.dirname, '..');
const files = globSync('**/*.md', { cwd: DOCS, exclude: (name) => /^(node_modules|source)$/.test(name) });
const read = (file: string) => readFileSync(join(DOCS, file), 'utf8');

/** Those of decisions are listed by their own page; the front page is reached by the logo. */
const inSidebar = files.filter((file) => file !== 'index.md' && !/^decisions\/\d/.test(file));
const pageOf = (file: string) => file.replace(/README\.md$/, '').replace(/\.md$/, '');

describe('the pages of the docs', () => {
  it('are in the sidebar, each once', () => {
    const listed = SECTIONS.flatMap(({ pages }) => pages.map(([, page]) => page));
    expect(listed.toSorted()).toEqual(inSidebar.map(pageOf).toSorted());
  });

  it('lists each decision', () => {
    const decisions = files.filter((file) => /^decisions\/\d/.test(file)).map((file) => file.replace('decisions/', ''));
    expect(decisions.filter((file) => !read('decisions/README.md').includes(`(${file})`))).toEqual([]);
  });

  it.each(files)('%s begins with one title', (file) => {
    expect(headingsOf(read(file)).filter(({ level }) => level === 1).length).toBe(file === 'index.md' ? 0 : 1);
  });

  it.each([...files, '../README.md', '../CONTRIBUTING.md'])('%s links to headings that exist', (file) => {
    const missing = linksOf(read(file)).filter(({ path, part }) => {
      const target = path === '' ? file : relative(DOCS, resolve(dirname(join(DOCS, file)), path));
      return target.endsWith('.md') && !headingsOf(read(target)).some(({ anchor }) => anchor === part);
    });
    expect(missing).toEqual([]);
  });
});

function headingsOf(page: string): { level: number; anchor: string }[] {
  return [...withoutCode(page).matchAll(/^(#+) (.*)$/gm)].map(([, marks, title]) => ({
    level: marks!.length,
    anchor: anchorOf(title!.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')),
  }));
}

function linksOf(page: string): { path: string; part: string }[] {
  return [...withoutCode(page).matchAll(/\]\((?![a-z]+:)([^)#\s]*)#([^)\s]+)\)/g)].map(([, path, part]) => ({ path: path!, part: part! }));
}

const withoutCode = (page: string) => page.replace(/^( *)(`{3,}).*\n[\s\S]*?\n\1\2$/gm, '');

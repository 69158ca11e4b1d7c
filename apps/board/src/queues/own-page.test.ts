import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { ownPage } from './own-page.ts';

it('asks no other host for anything, and has no style of its own', async () => {
  const file = createRequire(import.meta.url).resolve('@bull-board/ui/dist/index.ejs');
  const [theirs, ours] = await readFile(file, 'utf8').then((page) => [page, ownPage(page)] as const);
  expect(theirs).toMatch(/https:|<style|style="/);
  expect(ours).not.toMatch(/https?:|<style|style="/);
  const filesOf = (page: string) => page.match(/(?:href|src)="static[^"]*"/g);
  expect(filesOf(ours)?.filter((file) => !file.includes('sluice.css'))).toEqual(filesOf(theirs));
  expect(ours).toContain('<link href="static/sluice.css" rel="stylesheet"></head>');
});

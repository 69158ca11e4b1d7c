import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { programFile, runNode } from '@sluice/testkit';
import { expect, it } from 'vitest';
import { bundlePrograms } from './bundle-programs.ts';

const COMMENT = /^\s*(\*|\/\*|\/\/).*$/gm;
const bundle = dirname(dirname(programFile('sluice')));

it('stands on nothing outside of it but Node, and on what is not shipped', () => {
  const imported = new Set(
    globSync('{bin,chunks}/*.js', { cwd: bundle })
      .map((file) => readFileSync(join(bundle, file), 'utf8').replaceAll(COMMENT, ''))
      .flatMap((code) => [...code.matchAll(/(?:^(?:import|export)\b[^'"\n]*|\bimport\()"([^."][^"]*)"/gm)])
      .map(([, name]) => name!)
      .filter((name) => !name.startsWith('node:') && !builtinModules.includes(name)),
  );
  expect([...imported]).toEqual(['@sluice/not-shipped']);
});

it('is written in ASCII, so that V8 keeps one byte for a character', () => {
  const code = globSync('{bin,chunks}/*.js', { cwd: bundle }).map((file) => readFileSync(join(bundle, file), 'utf8'));
  expect(code.filter((text) => /[^\p{ASCII}]/u.test(text))).toEqual([]);
});

it('holds every script that Redis runs', () => {
  expect(globSync('files/packages/*/src/**/*.lua', { cwd: bundle })).toHaveLength(globSync('packages/*/src/**/*.lua').length);
});

it('says in stack traces where in the sources an error comes from', async () => {
  const out = await mkdtemp(join(tmpdir(), 'bundle-'));
  await bundlePrograms({ fails: 'tools/bundle/testing/fails.ts' }, out);
  const { code, stderr } = await runNode([join(out, 'bin/fails.js')]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('RangeError: as expected\n    at fail (') });
  expect(stderr.match(/at .*fails\.ts:\d+:\d+/g)).toEqual([
    'at fail (tools/bundle/testing/fails.ts:7:9',
    'at fail (tools/bundle/testing/fails.ts:6:17',
    'at tools/bundle/testing/fails.ts:10:1',
  ]);
  await rm(out, { recursive: true });
});

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runSluice } from '../testing/run-sluice.ts';

it.each([
  ['input: {generate: {count: 2, interval: "", mapping: root = 1}}\noutput: {stdout: {}}\n', 0, '1\n1\n', /pipeline started/],
  ['input: {generate: {count: 1, mapping: root = 1}}\noutput: {fallback: []}\n', 1, '', /needs at least one output \(COMPONENT_CONFIG\)/],
  ['input: {generate: {count: 1, mapping: root = 1}}\npipeline: {processors: [{crash: end}]}\n', 1, '', /end/],
])('a pipeline runs without Redis, and its end is the exit code: %j', async (config, code, stdout, stderr) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-run-pipeline-'));
  await writeFile(join(folder, 'c.yaml'), config);
  const run = await runSluice(['run', 'c.yaml'], { cwd: folder, env: {} });
  expect([run.code, run.stdout]).toEqual([code, stdout]);
  expect(run.stderr).toMatch(stderr);
});

import { compileConfig } from '@sluice/config';
import { expect, it } from 'vitest';
import { runPipelines } from './run-pipelines.ts';

it('a pipeline in one process has no actors to inspect', async () => {
  const { config } = compileConfig([{ name: 'c.yaml', text: 'input: {stdin: {}}\noutput: {stdout: {}}\n' }], { env: {} });
  const running = runPipelines(config, { files: ['c.yaml'], isInspected: true, onSignal: () => () => undefined });
  await expect(running).rejects.toThrow('`--inspect` has no effect in a pipeline in one process: it has no actors; leave it out');
});

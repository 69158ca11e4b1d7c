import { compileConfig, hasErrors } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { silentTelemetry } from '@sluice/telemetry';
import { expect, it } from 'vitest';
import { failuresIn } from './errors.ts';
import { openOutput } from './open-output.ts';
import { giveName } from './stages/names.ts';

it('knows a message again by its name, so that one that was refused is no duplicate of itself', async () => {
  const { send } = open(`
output:
  reject: no
  processors: [{dedupe: {cache: seen, key: '\${! content() }'}}]
cache_resources: [{label: seen, memory: {}}]
`);
  expect([await send('a', 'one'), await send('a', 'one'), await send('a', 'two')]).toEqual([['no'], ['no'], []]);
});

it('lets go what waits for a batch when told, and keeps batching', async () => {
  const { output, send } = open('output: {broker: {outputs: [{drop: {}}], batching: {count: 2}}}');
  const first = send('a');
  await output.flush();
  expect(await first).toEqual([]);
  expect(await Promise.all([send('b'), send('c')])).toEqual([[], []]);
});

/** The output of a file that reads from lanes; `send` answers why it was refused. */
function open(text: string) {
  const { config, problems } = compileConfig([{ name: 'c.yaml', text: `input: {aws_kinesis: {streams: [a]}}\n${text}` }], { env: {} });
  if (hasErrors(problems)) throw new Error(problems.map(({ message }) => message).join('\n'));
  const [{ output: settings, resources, refusesFailedRecords: refusesFailed }] = config.outputs as [(typeof config.outputs)[number]];
  const output = openOutput(
    { output: settings, resources, refusesFailed },
    {
      settings: config.settings,
      tracing: undefined,
      clock: systemClock,
      logger: silentLogger,
      telemetry: silentTelemetry,
      customMetrics: silentTelemetry.custom,
    },
  );
  const send = (content: string, name?: string): Promise<string[]> =>
    new Promise((resolve) => {
      const message = { content: Buffer.from(content), metadata: {} };
      if (name !== undefined) giveName(message, name);
      const settle = (failure?: Error) => resolve([...failuresIn(failure, 1).values()].map((error) => error.message));
      void output.deliver({ messages: [message], settle });
    });
  return { output, send };
}

import { compileConfig } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { startQueueStub } from '@sluice/sqs/testing';
import { expect, it } from 'vitest';
import type { ComponentContext } from '../component.ts';
import { openSqsSender, type SqsOptions } from './sqs-sender.ts';

it('sends nothing, and says so, once the pipeline has given up', async () => {
  await using stub = await startQueueStub();
  const text = `
input: {stdin: {}}
output: {aws_sqs: {url: '${stub.url}/1/q', endpoint: '${stub.url}', region: eu-west-1, credentials: {id: a, secret: b}}}
`;
  const { output } = compileConfig([{ name: 'c.yaml', text }], { env: {} }).config.pipelines[0]!;
  const context = { clock: systemClock, logger: silentLogger, signal: AbortSignal.abort(new Error('given up')) };
  using sender = await openSqsSender(output.options as SqsOptions, output, context as unknown as ComponentContext);
  await expect(sender.write([{ content: Buffer.from('a'), metadata: {} }])).rejects.toThrow();
  expect(stub.messages).toEqual([]);
});

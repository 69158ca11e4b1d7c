import { ManualClock } from '@sluice/core/testing';
import { createKinesisClient } from '@sluice/kinesis';
import { startKinesisEmulator } from '@sluice/kinesis-emulator';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compareStreams } from './compare-streams.ts';

describe('compareStreams', () => {
  it('finds what is missing', async () => {
    const { write, compare } = await streams();
    for (const stream of ['source', 'output']) for (const text of ['a', 'b']) write(stream, text);
    write('source', 'c');

    expect(await compare(false)).toMatchObject({ fed: 3, lost: 1 });
  });

  it('does not take records that the output no longer holds for lost', async () => {
    const { write, compare, account, clock } = await streams();
    for (let index = 0; index < 400; index++) {
      for (const stream of ['source', 'output']) write(stream, String(index).padEnd(300));
      clock.advance(10);
    }
    write('source', 'never arrived');
    // The cap takes from whichever shard holds the oldest records: here from the output.
    account.stream('output').shards[0]!.trimOldest();

    expect((await compare(false)).lost).toBeGreaterThan(100);
    const report = await compare(true);
    expect(report).toMatchObject({ lost: 1, duplicated: 0, outOfOrder: 0, foreign: 0 });
    expect(report.fed).toBeGreaterThan(100);
  });
});

/** A source and an output of one shard each, and what compares them. */
async function streams() {
  const clock = new ManualClock();
  const emulator = await startKinesisEmulator({ quotas: false, clock, streams: { source: 1, output: 1 } });
  onTestFinished(() => emulator[Symbol.asyncDispose]());
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = createKinesisClient({ region: 'us-east-1', endpoint: emulator.endpoint, credentials });
  onTestFinished(() => client[Symbol.dispose]());
  const { account } = emulator;
  return {
    clock,
    account,
    write(stream: string, text: string): void {
      const data = Buffer.from(text);
      account.stream(stream).openShards[0]!.append('key', data, 0, data.length, clock.now());
    },
    compare: (isOutputTrimmed: boolean) => compareStreams({ client, source: 'source', output: 'output', isOutputTrimmed }),
  };
}

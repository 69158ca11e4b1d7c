/**
 * What a Kinesis endpoint must do, as the service's documentation says it. The same tests run against the emulator and
 * against an independent implementation, so that the emulator cannot agree only with itself.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Check, checkAgainst, type Difference } from './differences.ts';
import { checkFanOut } from './fan-out.conformance.ts';
import { checkReading } from './reading.conformance.ts';
import { checkRefusals } from './refusals.conformance.ts';
import { checkResharding } from './resharding.conformance.ts';
import { checkShardLists } from './shard-lists.conformance.ts';
import { checkStreams } from './streams.conformance.ts';
import { type HttpVersion, KinesisTarget, type WireEncoding } from './target.ts';
import { checkWriting } from './writing.conformance.ts';

const PARTS: Readonly<Record<string, (check: Check) => void>> = {
  streams: checkStreams,
  writing: checkWriting,
  reading: checkReading,
  'lists of shards': checkShardLists,
  resharding: checkResharding,
  refusals: checkRefusals,
  'enhanced fan-out': checkFanOut,
};

export interface ConformanceOptions {
  /** Starts an endpoint that has no streams yet. */
  readonly start: () => Promise<{ readonly endpoint: string } & AsyncDisposable>;
  /** @default ['JSON'] */
  readonly encodings?: readonly WireEncoding[];
  /** @default 'HTTP/2', as documented */
  readonly subscribesOver?: HttpVersion;
  /** Where this implementation departs from the documentation. */
  readonly differences?: readonly Difference[];
}

export function describeKinesisConformance(
  name: string,
  { start, encodings = ['JSON'], subscribesOver, differences = [] }: ConformanceOptions,
): void {
  describe.each(encodings)(`${name} as a Kinesis endpoint that speaks %s`, (encoding) => {
    let target: KinesisTarget;
    let server: AsyncDisposable;

    beforeAll(async () => {
      const started = await start();
      server = started;
      target = new KinesisTarget(started.endpoint, encoding, subscribesOver);
    });

    afterAll(async () => {
      target?.close();
      await server?.[Symbol.asyncDispose]();
    });

    const { check, staleEntries } = checkAgainst(() => target, differences);
    for (const [part, checks] of Object.entries(PARTS)) describe(part, () => checks(check));

    it('has no difference noted for a test that does not exist', () => {
      expect(staleEntries()).toEqual([]);
    });
  });
}

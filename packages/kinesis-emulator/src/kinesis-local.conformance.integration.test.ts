import { describe, it, vi } from 'vitest';
import { describeKinesisConformance } from './testing/kinesis.conformance.ts';
import { startKinesisLocal } from './testing/kinesis-local.ts';
import { kinesisLocalDifferences } from './testing/kinesis-local-differences.ts';

// Its time for a write grows with all that it holds, so on a busy machine ten seconds are soon gone.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const started = await startKinesisLocal().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));

if (started instanceof Error) {
  describe('kinesis-local as a Kinesis endpoint', () => {
    it.skip(`was not compared: ${started.message}`, () => undefined);
  });
} else {
  // Without TLS it does not speak HTTP/2.
  describeKinesisConformance('kinesis-local', {
    start: async () => started,
    subscribesOver: 'HTTP/1.1',
    differences: kinesisLocalDifferences,
  });
}

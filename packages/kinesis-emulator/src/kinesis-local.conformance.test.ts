import { describe, it } from 'vitest';
import { describeKinesisConformance } from './testing/kinesis.conformance.ts';
import { startKinesisLocal } from './testing/kinesis-local.ts';
import { kinesisLocalDifferences } from './testing/kinesis-local-differences.ts';

const started = await startKinesisLocal().catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));

if (started instanceof Error) {
  describe('kinesis-local as a Kinesis endpoint', () => {
    it.skip(`was not compared: ${started.message}`, () => undefined);
  });
} else {
  describeKinesisConformance('kinesis-local', { start: async () => started, differences: kinesisLocalDifferences });
}

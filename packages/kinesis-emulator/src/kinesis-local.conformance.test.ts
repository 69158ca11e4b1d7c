import { describeKinesisConformance } from './testing/kinesis.conformance.ts';
import { startKinesisLocal } from './testing/kinesis-local.ts';
import { kinesisLocalDifferences } from './testing/kinesis-local-differences.ts';

describeKinesisConformance('kinesis-local', { start: startKinesisLocal, differences: kinesisLocalDifferences });

import { startKinesisEmulator } from './emulator.ts';
import { describeKinesisConformance } from './testing/kinesis.conformance.ts';

describeKinesisConformance('the emulator', {
  start: () => startKinesisEmulator({ quotas: false }),
  encodings: ['JSON', 'CBOR'],
});

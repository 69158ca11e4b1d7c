import type { EgressDraft } from '@sluice/config';
import { type BuildOutput, optionsOf } from '../component.ts';
import { failureOf } from '../errors.ts';
import type { Write } from '../stages/writing.ts';
import { batchedOutput } from './batched-output.ts';
import { leaf } from './leaf.ts';
import { once } from './once.ts';

/** Batches that wait for their records to be stored, at once, and their bytes: they fill requests together. */
const MAX_WAITING = 1_000;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;

/** `aws_kinesis` without lanes, by the writer that egress-workers use: the records of a key in their order, as far as their messages come in it. */
export const awsKinesis: BuildOutput = (settings, context) => {
  const egress = optionsOf<EgressDraft>(settings);
  const { telemetry } = context;
  const open = once(async () => {
    try {
      const writer = await context.openKinesis(egress);
      telemetry.emit({ type: 'output.opened', output: settings.path });
      return writer;
    } catch (error) {
      telemetry.emit({ type: 'output.openFailed', output: settings.path });
      throw error;
    }
  });
  const write: Write = async (messages) => {
    const writer = await open();
    const failure = failureOf(await writer.write(messages), messages.length);
    if (failure) throw failure;
  };
  const policy = egress.batching && {
    ...egress.batching,
    byte_size: egress.batching.byteSize,
    period: egress.batching.periodMs,
    check: egress.batching.check ?? NO_CHECK,
  };
  const limits = { maxInFlight: MAX_WAITING, maxBytes: MAX_WAITING_BYTES, opensLater: true };
  return batchedOutput(leaf(write, settings, context, limits), policy, settings, context);
};

const NO_CHECK = { source: '', position: { file: '', line: 1, column: 1 } };

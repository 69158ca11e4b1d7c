import type { ComponentSettings } from '@sluice/config';
import type { BackoffPolicy } from '@sluice/core';
import { type BuildOutput, type ComponentContext, optionsOf } from '../component.ts';
import type { Deliver, Delivery } from '../delivery.ts';
import { ComponentConfigError } from '../errors.ts';
import type { PolicyOptions } from '../stages/batch-policy.ts';
import { partsOf, pick } from '../stages/parts.ts';
import { persistent } from '../stages/persistent.ts';
import { batchedOutput } from './batched-output.ts';

type Pattern = 'fan_out' | 'fan_out_fail_fast' | 'fan_out_sequential' | 'fan_out_sequential_fail_fast' | 'round_robin' | 'greedy';

interface BrokerOptions {
  readonly copies: number;
  readonly pattern: Pattern;
  readonly outputs: readonly ComponentSettings[];
  readonly batching: PolicyOptions | undefined;
}

/** One output of a fan-out is tried again without end, so that the others are not written to twice. */
const RETRIES: BackoffPolicy = { initialIntervalMs: 500, maxIntervalMs: 5_000, maxElapsedMs: 0, maxRetries: 0 };

/** `broker`: each batch to all outputs, or to one of them, by its pattern. */
export const broker: BuildOutput = (settings, context) => {
  const { copies, pattern, outputs: options, batching } = optionsOf<BrokerOptions>(settings);
  const outputs = Array.from({ length: Math.max(1, copies) }, () => options.map((output) => context.output(output))).flat();
  if (outputs.length === 0) throw new ComponentConfigError(settings, 'a `broker` needs at least one output');
  return batchedOutput(byPattern(pattern, outputs, settings, context), batching, settings, context);
};

function byPattern(pattern: Pattern, outputs: readonly Deliver[], settings: ComponentSettings, context: ComponentContext): Deliver {
  switch (pattern) {
    case 'fan_out':
      return fanOut(outputs.map((output) => untilTaken(output, settings, context)));
    case 'fan_out_fail_fast':
      return fanOut(outputs);
    case 'fan_out_sequential':
      return inTurn(outputs.map((output) => untilTaken(output, settings, context)));
    case 'fan_out_sequential_fail_fast':
      return inTurn(outputs);
    case 'round_robin':
      return roundRobin(outputs);
    case 'greedy':
      return greedy(outputs);
  }
}

function untilTaken(output: Deliver, { path }: ComponentSettings, { clock, signal, logger }: ComponentContext): Deliver {
  return persistent(output, {
    ...{ backoff: RETRIES, repeatsWhole: false, clock, signal },
    onFailure: (error) => logger.warn('an output of a broker refused a batch, to be delivered again', { path, reason: error.message }),
  });
}

const whole = (delivery: Delivery) => pick(delivery, [...delivery.messages.keys()]);

const fanOut =
  (outputs: readonly Deliver[]): Deliver =>
  async (delivery) => {
    const parts = partsOf(
      delivery,
      outputs.map(() => whole(delivery)),
    );
    await Promise.all(outputs.map((output, index) => output(parts[index]!)));
  };

/** To one after the other, each once the one before has taken it. */
const inTurn = (outputs: readonly Deliver[]): Deliver =>
  outputs.reduceRight(
    (next, output) => (delivery) =>
      output({
        ...delivery,
        settle: (failure) => {
          if (failure) delivery.settle(failure);
          else void next(delivery);
        },
      }),
  );

function roundRobin(outputs: readonly Deliver[]): Deliver {
  let turn = 0;
  return (delivery) => outputs[turn++ % outputs.length]!(delivery);
}

/** To whichever has room. */
function greedy(outputs: readonly Deliver[]): Deliver {
  const room = outputs.map((output) => ({ output, free: Promise.resolve() }));
  return async (delivery) => {
    const free = await Promise.race(room.map((one) => one.free.then(() => one)));
    free.free = free.output(delivery);
    room.push(...room.splice(room.indexOf(free), 1));
  };
}

import type { ComponentSettings } from '@sluice/config';
import { type BuildInput, type ComponentContext, optionsOf } from '../component.ts';
import type { Input } from '../delivery.ts';
import { ComponentConfigError } from '../errors.ts';
import { batchingBy, type PolicyOptions } from '../stages/batch-policy.ts';

interface BatchedOptions {
  readonly child: ComponentSettings;
  readonly policy: PolicyOptions;
}

/** `batched`: what an input reads, collected by a batch policy; what is left at its end is a batch too. */
export const batched: BuildInput = (settings, context) => {
  const { child, policy } = optionsOf<BatchedOptions>(settings);
  const { count, byte_size: bytes, period, check } = policy;
  if (count <= 0 && bytes <= 0 && period <= 0 && check.source === '')
    throw new ComponentConfigError(settings, 'a batch policy needs at least one of `count`, `byte_size`, `period` and `check`');
  return inBatches(context.input(child), policy, settings, context);
};

/** An input whose deliveries are collected by a batch policy. */
export const inBatches =
  (input: Input, policy: PolicyOptions, settings: ComponentSettings, context: ComponentContext): Input =>
  async (deliver, signal) => {
    const stage = batchingBy(policy, deliver, settings, context);
    await input(stage?.deliver ?? deliver, signal);
    await stage?.drain();
  };

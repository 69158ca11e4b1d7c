import type { ComponentSettings } from '@sluice/config';
import { type BuildInput, type ComponentContext, optionsOf } from '../component.ts';
import type { Input } from '../delivery.ts';
import { batchingBy, type PolicyOptions } from '../stages/batch-policy.ts';

interface BatchedOptions {
  readonly child: ComponentSettings;
  readonly policy: PolicyOptions;
}

/** `batched`: what an input reads, collected by a batch policy; what is left at its end is a batch too. */
export const batched: BuildInput = (settings, context) => {
  const { child, policy } = optionsOf<BatchedOptions>(settings);
  return inBatches(context.input(child), policy, settings, context);
};

/** An input whose deliveries are collected by a batch policy. */
const inBatches =
  (input: Input, policy: PolicyOptions, settings: ComponentSettings, context: ComponentContext): Input =>
  async (deliver, signal) => {
    const stage = batchingBy(policy, deliver, settings, context);
    await input(stage?.deliver ?? deliver, signal);
    await stage?.drain();
  };

import type { ComponentSettings } from '@sluice/config';
import { type BuildInput, optionsOf } from '../component.ts';
import { ComponentConfigError } from '../errors.ts';
import type { PolicyOptions } from '../stages/batch-policy.ts';
import { inBatches } from './batched.ts';

interface BrokerOptions {
  readonly inputs: readonly ComponentSettings[];
  readonly copies: number;
  readonly batching: PolicyOptions | undefined;
}

/** `broker`: reads several inputs at the same time; ends when all of them have ended. */
export const broker: BuildInput = (settings, context) => {
  const { inputs: options, copies, batching } = optionsOf<BrokerOptions>(settings);
  const inputs = Array.from({ length: Math.max(1, copies) }, () => options.map((input) => context.input(input))).flat();
  if (inputs.length === 0) throw new ComponentConfigError(settings, 'a `broker` needs at least one input');
  const all = async (...[deliver, signal]: Parameters<ReturnType<BuildInput>>): Promise<void> => {
    await Promise.all(inputs.map((input) => input(deliver, signal)));
  };
  return batching ? inBatches(all, batching, settings, context) : all;
};

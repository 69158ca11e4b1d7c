import type { ComponentSettings } from '@sluice/config';
import { type BuildInput, optionsOf } from '../component.ts';
import type { Input } from '../delivery.ts';
import { ComponentConfigError } from '../errors.ts';
import { type JoinOptions, joining } from './joining.ts';

interface SequenceOptions {
  readonly inputs: readonly ComponentSettings[];
  readonly sharded_join: JoinOptions;
}

/** `sequence`: reads inputs one after the other, each to its end; with `sharded_join` their documents are joined by an id. */
export const sequence: BuildInput = (settings, context) => {
  const { inputs: options, sharded_join: join } = optionsOf<SequenceOptions>(settings);
  if (options.length === 0) throw new ComponentConfigError(settings, 'a `sequence` needs at least one input');
  const inputs = options.map((input) => context.input(input));
  return join.type === 'none' ? oneByOne(inputs) : joining(inputs, join, context);
};

const oneByOne =
  (inputs: readonly Input[]): Input =>
  async (deliver, signal) => {
    for (const input of inputs) if (!signal.aborted) await input(deliver, signal);
  };

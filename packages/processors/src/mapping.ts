import type { Mapping, MappingOutcome, Message } from '@sluice/bloblang';
import { compileMapping } from './bloblang-text.ts';
import { flagged } from './failure.ts';
import type { Processor, ProcessorSettings, SourceText } from './processor.ts';

type Change = (mapping: Mapping, messages: readonly Message[], index: number) => MappingOutcome;

/** `mapping` and `bloblang`: a new message from each one. A message that is deleted is left out; one that fails is flagged and stays. */
export const mapping = (settings: ProcessorSettings): Processor =>
  changeEach(settings, (compiled, messages, index) => compiled.map(messages, index));

/** `mutation`: as {@link mapping}, but the message itself is edited; the edits before a failure stay. */
export const mutation = (settings: ProcessorSettings): Processor =>
  changeEach(settings, (compiled, messages, index) => compiled.mutate(messages, index));

function changeEach(settings: ProcessorSettings, change: Change): Processor {
  const compiled = compileMapping(settings.options['mapping'] as SourceText, settings);
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    return [
      batch.flatMap(({ sources }, index) => {
        const outcome = change(compiled, messages, index);
        if (outcome.kind === 'dropped') return [];
        const item = { message: outcome.message, sources };
        const problem = outcome.kind === 'failed' ? outcome.error : outcome.loss;
        return problem === undefined ? item : flagged(item, problem, settings);
      }),
    ];
  };
}

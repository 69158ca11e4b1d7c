/** Processors that only form batches anew: `split`, `group_by`, `group_by_value`. */
import { andThen, mapAwaiting } from '@sluice/core';
import { compileInterpolation, compileMapping } from './bloblang-text.ts';
import { attempt, attemptTo, flagged, isFailure } from './failure.ts';
import {
  type CompileContext,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  runAll,
  type SourceText,
} from './processor.ts';

/** `split`: smaller batches of `size` messages, or of messages until `byte_size` would be passed. */
export function split({ options }: ProcessorSettings): Processor {
  const size = options['size'] as number;
  const byteSize = options['byte_size'] as number;
  return (batch) => {
    const batches: ProcessedMessage[][] = [];
    let bytes = 0;
    for (const item of batch) {
      const { byteLength } = item.message.content;
      const last = batches.at(-1);
      const isFull = !last || (size > 0 && last.length >= size) || (byteSize > 0 && bytes + byteLength > byteSize);
      if (isFull) batches.push([item]);
      else last.push(item);
      bytes = isFull ? byteLength : bytes + byteLength;
    }
    return batches;
  };
}

/** `group_by_value`: one batch for each value, in the order of their first messages. A message whose value fails is flagged, with the value "". */
export function groupByValue(settings: ProcessorSettings): Processor {
  const value = compileInterpolation(settings.options['value'] as SourceText, settings);
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    const groups = new Map<string, ProcessedMessage[]>();
    for (const [index, item] of batch.entries()) {
      const found = attemptTo('group value interpolation error', () => value.evaluate(messages, index));
      const [key, member] = isFailure(found) ? ['', flagged(item, found, settings)] : [found, item];
      const group = groups.get(key);
      if (group) group.push(member);
      else groups.set(key, [member]);
    }
    return [...groups.values()];
  };
}

interface GroupSettings {
  readonly check: SourceText;
  readonly processors: readonly ProcessorSettings[];
}

/**
 * `group_by`: one batch for each check, through the processors of that group; what passes no check forms the last batch. A check that fails
 * counts as not passed, and is logged.
 */
export function groupBy(settings: ProcessorSettings, context: CompileContext): Processor {
  const { path, label = '' } = settings;
  const groups = (settings.options['groups'] as readonly GroupSettings[]).map(({ check, processors }) => ({
    check: compileMapping(check, settings),
    processors: context.compileAll(processors),
  }));
  return (batch, run) => {
    const messages = batch.map(({ message }) => message);
    const members: ProcessedMessage[][] = groups.map(() => []);
    const others: ProcessedMessage[] = [];
    for (const [index, item] of batch.entries()) {
      const group = groups.findIndex(({ check }, at) => {
        const answer = attempt(() => check.check(messages, index));
        if (isFailure(answer)) context.logger.error(`Failed to test group ${at}: ${answer.message}`, { path, label });
        return answer === true;
      });
      (members[group] ?? others).push(item);
    }
    return andThen(
      mapAwaiting(groups, ({ processors }, index) => runAll(processors, [members[index]!], run)),
      (grouped) => [...grouped.flat(), others],
    );
  };
}

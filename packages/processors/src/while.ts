import type { Awaitable } from '@sluice/core';
import { compileMapping } from './bloblang-text.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, ContentError, flagged, isFailure } from './failure.ts';
import { type Batch, type CompileContext, type Processor, type ProcessorSettings, type Run, runAll, type SourceText } from './processor.ts';

/** Rounds after which a loop without `max_loops` is taken for one that never ends: nothing else of the worker would run. */
const MOST_LOOPS = 100_000;

/**
 * `while`: runs processors for as long as the check answers true, which looks at the first message of the first batch. A check that
 * fails, or answers no boolean, ends the loop and is logged.
 */
export function whileTrue(settings: ProcessorSettings, context: CompileContext): Processor {
  const { path, label = '', position } = settings;
  const source = settings.options['check'] as SourceText | undefined;
  if (source === undefined || source.source.trim() === '') throw new ProcessorConfigError(position, path, 'a check query is required');
  const check = compileMapping(source, settings);
  const processors = context.compileAll((settings.options['processors'] ?? []) as readonly ProcessorSettings[]);
  const maxLoops = settings.options['max_loops'] as number;
  const isRunAtLeastOnce = settings.options['at_least_once'] as boolean;
  const goesOn = (batches: readonly Batch[]): boolean => {
    const answer = attempt(() =>
      check.check(
        batches[0]!.map(({ message }) => message),
        0,
      ),
    );
    if (!isFailure(answer)) return answer;
    context.logger.error(`Query failed for loop: ${answer.message}`, { path, label });
    return false;
  };
  const loop = (initial: readonly Batch[], first: number, run: Run): Awaitable<readonly Batch[]> => {
    let batches = initial;
    for (let loops = first; batches.length > 0 && (loops === 0 && isRunAtLeastOnce ? true : goesOn(batches)); loops++) {
      if (maxLoops > 0 && loops >= maxLoops) break;
      if (loops === MOST_LOOPS) {
        const endless = new ContentError(`expected an end within ${MOST_LOOPS} loops; set \`max_loops\``);
        return batches.map((each) => each.map((item) => flagged(item, endless, settings)));
      }
      const left = runAll(processors, batches, run);
      if (left instanceof Promise) return left.then((next) => loop(next, loops + 1, run));
      batches = left;
    }
    return batches;
  };
  return (batch, run) => loop([batch], 0, run);
}

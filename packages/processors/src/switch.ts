import type { Mapping } from '@sluice/bloblang';
import { type Awaitable, andThen, foldInTurn } from '@sluice/core';
import { compileMapping } from './bloblang-text.ts';
import { runOfPlaces } from './branch.ts';
import { attempt, flagged, isFailure } from './failure.ts';
import {
  type Batch,
  type CompileContext,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  type Run,
  runAsOne,
  type SourceText,
} from './processor.ts';

interface CaseSettings {
  /** `null` matches always. */
  readonly check: SourceText | null;
  readonly fallthrough: boolean;
  readonly continue: boolean;
  readonly processors: readonly ProcessorSettings[];
}

interface Case {
  readonly check: Mapping | undefined;
  readonly fallthrough: boolean;
  readonly continue: boolean;
  readonly processors: readonly Processor[];
}

/**
 * `switch`: each message goes through the processors of the first case whose check it passes; those of one case are a batch. What comes
 * out stands where its message stood. With `continue` the later cases look at what came out. A message whose check fails is flagged and passes by.
 */
export function switchCases(settings: ProcessorSettings, context: CompileContext): Processor {
  const cases = (settings.options['cases'] as readonly CaseSettings[]).map(
    ({ check, fallthrough, continue: goesOn, processors }): Case => ({
      check: check ? compileMapping(check, settings) : undefined,
      fallthrough,
      continue: goesOn,
      processors: context.compileAll(processors),
    }),
  );
  return (batch, run) => inPlaces(batch, (placed) => runCases(placed, cases, settings, runOfPlaces(batch, run)));
}

/** Where the messages of a batch stand between two cases. */
interface Sorted {
  readonly done: Batch;
  /** Fell through from the case before. */
  readonly carried: Batch;
  readonly remaining: Batch;
}

function runCases(batch: Batch, cases: readonly Case[], settings: ProcessorSettings, run: Run): Awaitable<Batch> {
  const initial: Sorted = { done: [], carried: [], remaining: batch };
  const sorted = foldInTurn(cases, initial, (before, one) => runCase(before, one, settings, run));
  return andThen(sorted, ({ done, carried, remaining }) => [...done, ...carried, ...remaining]);
}

function runCase({ done, carried, remaining: tested }: Sorted, one: Case, settings: ProcessorSettings, run: Run): Awaitable<Sorted> {
  const { check, fallthrough, continue: goesOn, processors } = one;
  const failed: ProcessedMessage[] = [];
  const passed: ProcessedMessage[] = [...carried];
  const messages = tested.map(({ message }) => message);
  const remaining = tested.filter((item, index) => {
    const answer = check ? attempt(() => check.check(messages, index)) : true;
    if (isFailure(answer)) failed.push(flagged(item, answer, settings));
    else if (answer) passed.push(item);
    return answer === false;
  });
  return andThen(runAsOne(processors, [passed], run), (results) => ({
    done: [...done, ...failed, ...(goesOn || fallthrough ? [] : results)],
    carried: fallthrough ? results : [],
    remaining: goesOn ? inOrder([...results, ...remaining]) : remaining,
  }));
}

/**
 * Runs `work` over the batch with places for sources, so that its results tell which messages they came from: they are put in the order of
 * these, and stand for what those stood for.
 */
function inPlaces(batch: Batch, work: (placed: Batch) => Awaitable<Batch>): Awaitable<readonly Batch[]> {
  const results = work(batch.map(({ message }, place) => ({ message, sources: [place] })));
  return andThen(results, (left) => [
    inOrder(left).map(({ message, sources }) => ({
      message,
      sources: [...new Set(sources.flatMap((place) => batch[place]!.sources))].sort((a, b) => a - b),
    })),
  ]);
}

const inOrder = (batch: Batch): Batch => batch.toSorted((a, b) => a.sources[0]! - b.sources[0]!);

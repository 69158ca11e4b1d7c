import type { Mapping } from '@sluice/bloblang';
import { compileMapping } from './bloblang-text.ts';
import { attempt, flagged, isFailure } from './failure.ts';
import {
  type Batch,
  type CompileContext,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  runAll,
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
  return (batch) => [inPlaces(batch, (placed) => runCases(placed, cases, settings))];
}

function runCases(batch: Batch, cases: readonly Case[], settings: ProcessorSettings): Batch {
  const done: ProcessedMessage[] = [];
  let carried: Batch = [];
  let remaining: Batch = batch;
  for (const { check, fallthrough, continue: goesOn, processors } of cases) {
    const passed: ProcessedMessage[] = [...carried];
    const tested = remaining;
    const messages = tested.map(({ message }) => message);
    remaining = tested.filter((item, index) => {
      const answer = check ? attempt(() => check.check(messages, index)) : true;
      if (isFailure(answer)) done.push(flagged(item, answer, settings));
      else if (answer) passed.push(item);
      return answer === false;
    });
    const results = runAll(processors, [passed]).flat();
    carried = fallthrough ? results : [];
    if (goesOn) remaining = inOrder([...results, ...remaining]);
    else if (!fallthrough) done.push(...results);
  }
  return [...done, ...carried, ...remaining];
}

/**
 * Runs `work` over the batch with places for sources, so that its results tell which messages they came from: they are put in the order of
 * these, and stand for what those stood for.
 */
function inPlaces(batch: Batch, work: (placed: Batch) => Batch): Batch {
  return inOrder(work(batch.map(({ message }, place) => ({ message, sources: [place] })))).map(({ message, sources }) => ({
    message,
    sources: [...new Set(sources.flatMap((place) => batch[place]!.sources))].sort((a, b) => a - b),
  }));
}

const inOrder = (batch: Batch): Batch => batch.toSorted((a, b) => a.sources[0]! - b.sources[0]!);

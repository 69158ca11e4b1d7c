/** Processors made of processors that look at each message by itself: `processors`, `for_each`, `parallel`, `try`, `catch`, `try_catch`. */
import type { MessageFailure } from '@sluice/bloblang';
import { type Awaitable, andThen, mapAwaiting } from '@sluice/core';
import { withoutFailure } from './failure.ts';
import {
  type Batch,
  type CompileContext,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  type Run,
  runAll,
  runAsOne,
} from './processor.ts';

/** `processors`: a list of processors as one. */
export function processors(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = childrenOf(settings, context);
  return (batch, run) => runAll(children, [batch], run);
}

/** `for_each`: each message as a batch of its own. */
export function forEach(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = childrenOf(settings, context);
  return (batch, run) => eachAlone(batch, (item) => runAsOne(children, [[item]], run));
}

/** `try`: as {@link forEach}, but a message that has failed, before or inside, skips what is left. */
export function tryEach(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = skippingFailed(childrenOf(settings, context));
  return (batch, run) => andThen(runAsOne(children, alone(batch), run), (left) => [left]);
}

/** `catch`: as {@link forEach}, but over failed messages only, which none of its processors skips; nothing that leaves is flagged. */
export function catchEach(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = childrenOf(settings, context.lenient);
  return (batch, run) =>
    eachAlone(batch, (item) =>
      item.message.failure ? andThen(runAsOne(children, [[item]], run), (left) => left.map(withoutFailure)) : [item],
    );
}

/** `parallel`: as {@link forEach}, with at most `cap` messages under way at once, or all of them. */
export function parallel(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = childrenOf(settings, context);
  const cap = Number(settings.options['cap'] ?? 0) || Number.POSITIVE_INFINITY;
  return (batch, run) => eachAlone(batch, (item) => runAsOne(children, [[item]], run), cap);
}

/**
 * `try_catch`: as {@link tryEach}, and what has failed, before or inside, goes on through `catch` without its flag: what failed stands in
 * the metadata `error_metadata` then. One that fails there keeps the flag, and skips what is left of `catch`.
 */
export function tryCatch(settings: ProcessorSettings, context: CompileContext): Processor {
  const { processors: tried = [], catch: caught = [], error_metadata: name = 'error' } = settings.options as unknown as TryCatchOptions;
  const attempts = skippingFailed(context.compileAll(tried));
  const remedies = skippingFailed(context.compileAll(caught));
  const remedied = (item: ProcessedMessage, run: Run): Awaitable<Batch> =>
    item.message.failure ? runAsOne(remedies, [[withErrorIn(item, name, item.message.failure)]], run) : [item];
  return (batch, run) => andThen(runAsOne(attempts, alone(batch), run), (left) => eachAlone(left, (item) => remedied(item, run)));
}

interface TryCatchOptions {
  readonly processors?: readonly ProcessorSettings[];
  readonly catch?: readonly ProcessorSettings[];
  readonly error_metadata?: string;
}

function withErrorIn(item: ProcessedMessage, key: string, { message: what, name, label, path }: MessageFailure): ProcessedMessage {
  const { message, sources } = withoutFailure(item);
  const error = name === undefined ? { what } : { what, name, label, path };
  return { message: { ...message, metadata: { ...message.metadata, [key]: error } }, sources };
}

const skippingFailed = (processors: readonly Processor[]): readonly Processor[] =>
  processors.map(
    (process): Processor =>
      (batch, run) =>
        batch[0]!.message.failure ? [batch] : process(batch, run),
  );

/** What becomes of each message, as one batch again. */
const eachAlone = (batch: Batch, work: (item: ProcessedMessage) => Awaitable<Batch>, atOnce = 1): Awaitable<readonly Batch[]> =>
  andThen(mapAwaiting(batch, work, atOnce), (results) => [results.flat()]);

const alone = (batch: Batch): readonly Batch[] => batch.map((item) => [item]);

const childrenOf = ({ options }: ProcessorSettings, context: CompileContext): readonly Processor[] =>
  context.compileAll(options['processors'] as readonly ProcessorSettings[]);

import type { Mapping, Message } from '@sluice/bloblang';
import { type Awaitable, andThen } from '@sluice/core';
import { compileMapping } from './bloblang-text.ts';
import { ProcessorConfigError } from './errors.ts';
import { ContentError, flagged } from './failure.ts';
import {
  type Batch,
  type CompileContext,
  ownRun,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  type Run,
  runAsOne,
  type SourceText,
} from './processor.ts';

const EMPTY: Message = { content: new Uint8Array(), metadata: {} };

/**
 * `branch`: each message sends a request of its own through the processors, and is edited by what comes back; nothing else of the
 * processors reaches it. A failure flags the message it belongs to.
 */
export function branch(settings: ProcessorSettings, context: CompileContext): Processor {
  const compiled = new Branch(settings, context);
  return (batch, run) =>
    andThen(
      compiled.ask(
        batch.map(({ message }) => message),
        runOfPlaces(batch, run),
      ),
      (answers) => [
        batch.map((item, index) => {
          const { message, problem } = answers.applyTo(item.message, index);
          const edited = { ...item, message };
          return problem === undefined ? edited : flagged(edited, new ContentError(problem), settings);
        }),
      ],
    );
}

/** What became of a message in a branch. */
export interface Applied {
  readonly message: Message;
  /** The original's text of what failed; edits of a failed result map stay. */
  readonly problem?: string;
}

/** What the processors of a branch made of a batch. It is applied to the messages when these are to be edited. */
export interface Answers {
  isSkipped(index: number): boolean;
  applyTo(message: Message, index: number): Applied;
}

/** For processors whose messages have the places in a batch as their sources. */
export const runOfPlaces = (batch: Batch, run: Run): Run => ownRun(run, (place) => namesOf(batch[place]!, run).join(' ') || undefined);

/** The names of all records that a message stands for. */
export const namesOf = ({ sources }: ProcessedMessage, run: Run): readonly string[] =>
  sources.flatMap((source) => run.identify(source)?.split(' ') ?? []);

/** A request map, processors and a result map, compiled once. */
export class Branch {
  readonly requestMap: Mapping | undefined;
  readonly resultMap: Mapping | undefined;
  readonly #processors: readonly Processor[];

  /** @throws {ProcessorConfigError} it has no processors */
  constructor(settings: ProcessorSettings, context: CompileContext) {
    this.requestMap = mappingIn('request_map', settings);
    this.resultMap = mappingIn('result_map', settings);
    this.#processors = context.compileAll((settings.options['processors'] ?? []) as readonly ProcessorSettings[]);
    if (this.#processors.length === 0) {
      throw new ProcessorConfigError(settings.position, settings.path, 'the branch processor requires at least one child processor');
    }
  }

  /**
   * Sends a request for each message but those left out. Results are told apart by their places, so processors that change the number of
   * messages fail all of them.
   */
  ask(messages: readonly Message[], run: Run, isLeftOut: (index: number) => boolean = () => false): Awaitable<Answers> {
    const requests = messages.map((message, index): Request => (isLeftOut(index) ? SKIPPED : this.#requestOf(message, messages, index)));
    const sent = requests.flatMap((request, place) => (request.kind === 'sent' ? [{ message: request.message, sources: [place] }] : []));
    return andThen(runAsOne(this.#processors, [sent], run), (results) => this.#answersOf(requests, sent, results));
  }

  #answersOf(requests: readonly Request[], sent: Batch, results: Batch): Answers {
    if (results.length !== sent.length) return failedForAll(countMismatch(sent.length, results.length));
    const aligned: Message[] = requests.map(() => EMPTY);
    for (const [at, { message }] of results.entries()) aligned[sent[at]!.sources[0]!] = message;
    return {
      isSkipped: (index) => requests[index]!.kind === 'skipped',
      applyTo: (message, index) => {
        const request = requests[index]!;
        if (request.kind === 'failed') return { message, problem: `request mapping failed: ${request.reason}` };
        return request.kind === 'skipped' ? { message } : this.#merged(message, aligned, index);
      },
    };
  }

  /** A request carries no flag from before. Where a mapping makes it, it begins without content. */
  #requestOf({ content, metadata }: Message, messages: readonly Message[], index: number): Request {
    if (!this.requestMap) return { kind: 'sent', message: { content, metadata } };
    const outcome = this.requestMap.mapOnto({ content: EMPTY.content, metadata }, messages, index);
    if (outcome.kind === 'dropped') return SKIPPED;
    const error = outcome.kind === 'failed' ? outcome.error : outcome.loss;
    return error ? { kind: 'failed', reason: error.message } : { kind: 'sent', message: outcome.message };
  }

  /** The message edited by its result; a result map that deletes the root edits nothing. */
  #merged(message: Message, results: readonly Message[], index: number): Applied {
    const { failure } = results[index]!;
    if (failure) return { message, problem: `processors failed: ${failure.message}` };
    const outcome = this.resultMap?.mapOnto(message, results, index);
    if (outcome === undefined || outcome.kind === 'dropped') return { message };
    const error = outcome.kind === 'failed' ? outcome.error : outcome.loss;
    return { message: outcome.message, ...(error && { problem: `result mapping failed: ${error.message}` }) };
  }
}

type Request =
  | { readonly kind: 'sent'; readonly message: Message }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'failed'; readonly reason: string };

const SKIPPED: Request = { kind: 'skipped' };

const failedForAll = (problem: string): Answers => ({ isSkipped: () => false, applyTo: (message) => ({ message, problem }) });

/** The original's text, which has the two numbers the wrong way round. */
const countMismatch = (requests: number, results: number): string =>
  results === 0
    ? 'child processors resulted in zero messages'
    : `message count from branch processors does not match request, started with ${results} messages, finished with ${requests}`;

function mappingIn(name: 'request_map' | 'result_map', settings: ProcessorSettings): Mapping | undefined {
  const text = settings.options[name] as SourceText | undefined;
  return text === undefined || text.source.trim() === '' ? undefined : compileMapping(text, settings);
}

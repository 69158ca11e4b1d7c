import type { Mapping, Message } from '@sluice/bloblang';
import { compileMapping } from './bloblang-text.ts';
import { ProcessorConfigError } from './errors.ts';
import { ContentError, flagged } from './failure.ts';
import {
  type Batch,
  type CompileContext,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  runAll,
  type SourceText,
} from './processor.ts';

const EMPTY: Message = { content: new Uint8Array(), metadata: {} };

/**
 * `branch`: each message sends a request of its own through the processors, and is edited by what comes back; nothing else of the
 * processors reaches it. A failure flags the message it belongs to; processors that change the number of messages flag all of them,
 * since results are told apart by their places.
 */
export function branch(settings: ProcessorSettings, context: CompileContext): Processor {
  const requestMap = mappingIn('request_map', settings);
  const resultMap = mappingIn('result_map', settings);
  const processors = context.compileAll((settings.options['processors'] ?? []) as readonly ProcessorSettings[]);
  if (processors.length === 0) {
    throw new ProcessorConfigError(settings.position, settings.path, 'the branch processor requires at least one child processor');
  }
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    const requests = messages.map((message, index) => requestOf(requestMap, message, messages, index));
    const sent = requests.flatMap((request, place) => (request.kind === 'sent' ? [{ message: request.message, sources: [place] }] : []));
    const results = sent.length === 0 ? [] : runAll(processors, [sent]).flat();
    if (results.length !== sent.length) return [flagAll(batch, countMismatch(sent.length, results.length), settings)];
    const aligned: Message[] = messages.map(() => EMPTY);
    for (const [at, { message }] of results.entries()) aligned[sent[at]!.sources[0]!] = message;
    return [
      batch.map((item, index) => {
        const request = requests[index]!;
        if (request.kind === 'skipped') return item;
        if (request.kind === 'failed') return failed(item, 'request mapping failed', request.error, settings);
        const { failure } = aligned[index]!;
        if (failure) return failed(item, 'processors failed', failure, settings);
        return resultMap ? merged(item, resultMap, aligned, index, settings) : item;
      }),
    ];
  };
}

type Request =
  | { readonly kind: 'sent'; readonly message: Message }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'failed'; readonly error: Error };

/** A request carries no flag from before. Where a mapping makes it, it begins without content. */
function requestOf(mapping: Mapping | undefined, { content, metadata }: Message, messages: readonly Message[], index: number): Request {
  if (!mapping) return { kind: 'sent', message: { content, metadata } };
  const outcome = mapping.mapOnto({ content: EMPTY.content, metadata }, messages, index);
  if (outcome.kind === 'dropped') return { kind: 'skipped' };
  if (outcome.kind === 'failed') return { kind: 'failed', error: outcome.error };
  return outcome.loss ? { kind: 'failed', error: outcome.loss } : { kind: 'sent', message: outcome.message };
}

/** The message edited by its result. What a failed mapping has edited stays; one that deletes the root edits nothing. */
function merged(item: ProcessedMessage, mapping: Mapping, results: readonly Message[], index: number, settings: ProcessorSettings) {
  const outcome = mapping.mapOnto(item.message, results, index);
  if (outcome.kind === 'dropped') return item;
  const edited = { ...item, message: outcome.message };
  const error = outcome.kind === 'failed' ? outcome.error : outcome.loss;
  return error ? failed(edited, 'result mapping failed', error, settings) : edited;
}

const failed = (item: ProcessedMessage, what: string, { message }: { readonly message: string }, settings: ProcessorSettings) =>
  flagged(item, new ContentError(`${what}: ${message}`), settings);

const flagAll = (batch: Batch, error: Error, settings: ProcessorSettings): Batch => batch.map((item) => flagged(item, error, settings));

/** The original's text, which has the two numbers the wrong way round. */
const countMismatch = (requests: number, results: number): ContentError =>
  new ContentError(
    results === 0
      ? 'child processors resulted in zero messages'
      : `message count from branch processors does not match request, started with ${results} messages, finished with ${requests}`,
  );

function mappingIn(name: 'request_map' | 'result_map', settings: ProcessorSettings): Mapping | undefined {
  const text = settings.options[name] as SourceText | undefined;
  return text === undefined || text.source.trim() === '' ? undefined : compileMapping(text, settings);
}

import type { Interpolation, Message } from '@sluice/bloblang';
import { boundaryIn, unpackMultipart } from '@sluice/codecs';
import { mapAwaiting } from '@sluice/core';
import { compileInterpolation } from './bloblang-text.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, ContentError, flagged, isFailure, RefusedError } from './failure.ts';
import { rateLimitOf } from './find-resource.ts';
import { clientSettings, type HttpOptions, metadataFilter } from './http-options.ts';
import { compileParts, formData, readText } from './http-parts.ts';
import type { HttpAnswer, HttpClient, HttpOutcome, HttpRequest } from './http-port.ts';
import {
  type Batch,
  type CompileContext,
  type ProcessedMessage,
  type Processor,
  type ProcessorSettings,
  type Run,
  unionOf,
} from './processor.ts';
import { waitForPlace } from './rate-limit.ts';

/**
 * `http`: a request for each message, or one for the whole batch, whose answer becomes its content. Where no attempt succeeds the message
 * is flagged and stays as it is. An answer of several parts makes several messages; where their number is not that of the messages asked
 * for, each of them stands for all.
 */
export function http(settings: ProcessorSettings, context: CompileContext): Processor {
  const options = settings.options as unknown as HttpOptions;
  const caller = new Caller(settings, options, context);
  const { batch_as_multipart: isOneRequest, parallel: isParallel } = options;
  return async (batch, run) => {
    if (isOneRequest && batch.length > 1) return [await caller.callTogether(batch, run)];
    const results = await mapAwaiting(batch, (_, index) => caller.call(batch, index, run), isParallel ? batch.length : 1);
    return [results.flat()];
  };
}

class Caller {
  readonly #settings: ProcessorSettings;
  readonly #client: HttpClient;
  readonly #requestOf: RequestBuilder;
  readonly #isExtracted: (name: string) => boolean;
  readonly #admit: (signal: AbortSignal) => Promise<void>;

  constructor(settings: ProcessorSettings, options: HttpOptions, context: CompileContext) {
    this.#settings = settings;
    this.#client = openClient(settings, options, context);
    this.#requestOf = compileRequest(settings, options);
    this.#isExtracted = metadataFilter(options.extract_headers);
    const limit = options.rate_limit === '' ? undefined : rateLimitOf(options.rate_limit, settings, context);
    this.#admit = async (signal) => {
      if (limit) await waitForPlace(limit, limit.access(), context.clock, signal);
    };
  }

  async call(batch: Batch, index: number, run: Run): Promise<Batch> {
    const messages = batch.map(({ message }) => message);
    const request = attempt(() => this.#requestOf(messages, index));
    if (isFailure(request)) return [flagged(batch[index]!, request, this.#settings)];
    return this.#answered([batch[index]!], await this.#send(request, run));
  }

  /** One request for all messages, each a part of it. */
  async callTogether(batch: Batch, run: Run): Promise<Batch> {
    const messages = batch.map(({ message }) => message);
    const request = attempt(() => this.#requestOf(messages, 0));
    if (isFailure(request)) return batch.map((item) => flagged(item, request, this.#settings));
    const { 'Content-Type': contentType = OCTETS, ...headers } = request.headers;
    const form = formData(messages.map(({ content }) => ({ headers: [`Content-Type: ${contentType}`], content })));
    const together = { ...request, headers: { ...headers, 'Content-Type': form.contentType }, body: form.body };
    return this.#answered(batch, await this.#send(together, run));
  }

  #send(request: HttpRequest, { signal }: Run): Promise<HttpOutcome> {
    return this.#client.send(request, signal, () => this.#admit(signal));
  }

  #answered(items: Batch, { answer, problem, isRefused }: HttpOutcome): Batch {
    if (problem !== undefined) {
      const failure = isRefused ? new RefusedError(problem) : new ContentError(problem);
      return items.map((item) => flagged(answer ? this.#noted(item, item.message.content, answer) : item, failure, this.#settings));
    }
    const contents = attempt(() => contentsOf(answer!));
    if (isFailure(contents))
      return items.map((item) => flagged(this.#noted(item, item.message.content, answer!), contents, this.#settings));
    const sources = contents.length === items.length ? undefined : unionOf(items);
    return contents.map((content, place) => {
      const item = items[Math.min(place, items.length - 1)]!;
      return { ...this.#noted(item, content, answer!), ...(sources && { sources }) };
    });
  }

  /** With what the answer's status and headers leave in the metadata. */
  #noted({ message, sources }: ProcessedMessage, content: Uint8Array, { status, headers }: HttpAnswer): ProcessedMessage {
    const extracted = Object.entries(headers).filter(([name]) => this.#isExtracted(name));
    const metadata = { ...message.metadata, http_status_code: status, ...Object.fromEntries(extracted) };
    return { message: { ...message, content, metadata }, sources };
  }
}

const OCTETS = 'application/octet-stream';

function contentsOf({ headers, body }: HttpAnswer): readonly Uint8Array[] {
  const boundary = boundaryIn(String(headers['content-type'] ?? ''));
  return boundary === undefined ? [body] : unpackMultipart(body, boundary);
}

function openClient({ position, path }: ProcessorSettings, options: HttpOptions, { openHttp }: CompileContext): HttpClient {
  if (!openHttp) throw new ProcessorConfigError(position, path, 'expected a way to send HTTP requests, found none in this program');
  try {
    return openHttp(clientSettings(options));
  } catch (error) {
    throw new ProcessorConfigError(position, path, (error as Error).message, error);
  }
}

type RequestBuilder = (messages: readonly Message[], index: number) => HttpRequest;

/** Throws what flags the message. */
function compileRequest(settings: ProcessorSettings, options: HttpOptions): RequestBuilder {
  const url = compileInterpolation(options.url, settings);
  const headers = Object.entries(options.headers).map(([name, text]) => [name, compileInterpolation(text, settings)] as const);
  const isSent = metadataFilter(options.metadata);
  const partsOf = options.multipart && options.multipart.length > 0 ? compileParts(options.multipart, settings) : undefined;
  const { enabled, username, password } = options.basic_auth;
  const login = enabled ? { Authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` } : {};
  const read = (what: string, text: Interpolation, messages: readonly Message[], index: number): string =>
    readText(what, () => text.evaluate(messages, index));
  return (messages, index) => {
    const { content, metadata } = messages[index]!;
    const target = read('url', url, messages, index);
    const sent = Object.entries(metadata).flatMap(([name, value]) => (isSent(name) ? [[name, String(value)]] : []));
    const own = headers.map(([name, text]) => [name, read(`header '${name}'`, text, messages, index)]);
    const isType = ([name]: readonly string[]) => name!.toLowerCase() === 'content-type';
    const made = partsOf?.(messages, index);
    const others = made ? [...sent, ...own].filter((header) => !isType(header)) : [...sent, ...own];
    return {
      url: target,
      method: options.verb === '' ? 'GET' : options.verb,
      headers: {
        ...(!own.some(isType) && { 'Content-Type': OCTETS }),
        ...(made && { 'Content-Type': made.contentType }),
        ...Object.fromEntries(others),
        ...login,
      },
      body: made?.body ?? content,
    };
  };
}

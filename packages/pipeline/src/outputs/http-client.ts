import type { MessageFailure } from '@sluice/bloblang';
import { PLAIN_RUN, type ProcessorSettings } from '@sluice/processors';
import { type BuildOutput, optionsOf } from '../component.ts';
import { failureOf, MessageNotSentError, MessageRejectedError } from '../errors.ts';
import type { PolicyOptions } from '../stages/batch-policy.ts';
import type { Write } from '../stages/writing.ts';
import { batchedOutput } from './batched-output.ts';
import { leaf } from './leaf.ts';

interface HttpClientOptions {
  readonly propagate_response: boolean;
  readonly max_in_flight: number;
  readonly batching: PolicyOptions | undefined;
}

/** What only the processor has. */
const FIXED = { parallel: false, extract_headers: { include_prefixes: [], include_patterns: [] } };

/** `http_client`: a request for each message, or for each batch, as the processor `http` sends them. */
export const httpClient: BuildOutput = (settings, context) => {
  const options = optionsOf<HttpClientOptions & ProcessorSettings['options']>(settings);
  const { propagate_response: answers, max_in_flight: maxInFlight, batching } = options;
  const chain = context.innerChain([{ ...settings, type: 'http', options: { ...options, ...FIXED } }]);
  const write: Write = async (messages, respond) => {
    const sent = messages.map(({ content, metadata }) => ({ content, metadata }));
    const answered = (await chain.batches(sent, { ...PLAIN_RUN, signal: context.signal })).flat();
    const failures = answered.flatMap(({ message: { failure }, sources }) =>
      failure ? sources.map((source): [number, Error] => [source, refusal(failure)]) : [],
    );
    const failure = failureOf(new Map(failures), messages.length);
    if (failure) throw failure;
    if (answers) respond?.(answered.map(({ message }) => message));
  };
  return batchedOutput(leaf(write, settings, context, { maxInFlight }), batching, settings, context);
};

/** A status of `drop_on` is an answer for good. */
const refusal = ({ message, isFinal }: MessageFailure): Error =>
  isFinal ? new MessageRejectedError(message) : new MessageNotSentError(message);

import { KinesisTimeoutError } from '../errors.ts';
import { type CallFacts, toKinesisError } from './to-kinesis-error.ts';

/**
 * Runs a call and ends it, socket and all, once `timeoutMs` have passed or `signal` is aborted. The whole call counts, reading the
 * reply included: the SDK's own request time-out ends with the first byte of the answer.
 * @throws {SluiceError} what the service or the network answered; the signal's reason where that was aborted
 */
export async function callWithTimeout<Output>(
  facts: CallFacts & { readonly timeoutMs: number },
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal) => Promise<Output>,
): Promise<Output> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new KinesisTimeoutError(facts.timeoutMs, { ...facts })), facts.timeoutMs);
  const onAbort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await call(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : toKinesisError(error, facts);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

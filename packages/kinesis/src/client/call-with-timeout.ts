import { KinesisTimeoutError } from '../errors.ts';
import { type CallFacts, toKinesisError } from './to-kinesis-error.ts';

/** Says that a part of the answer has come, so that the time-out begins anew. */
export type Progress = () => void;

/**
 * Runs a call and ends it, socket and all, once `timeoutMs` have passed in silence or `signal` is aborted. The time counts from the
 * start of the call and begins anew with each part of the answer that the call says has come: a large answer over a slow link takes
 * long, and asking for it again would take as long. Where it says nothing, the whole call counts. The SDK's own request time-out ends
 * with the first byte of the answer.
 * @throws {SluiceError} what the service or the network answered; the signal's reason where that was aborted
 */
export async function callWithTimeout<Output>(
  facts: CallFacts & { readonly timeoutMs: number },
  signal: AbortSignal | undefined,
  call: (signal: AbortSignal, progress: Progress) => Promise<Output>,
): Promise<Output> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const startedAt = performance.now();
  const onSilence = () => controller.abort(new KinesisTimeoutError(facts.timeoutMs, { ...facts }));
  const timer = setTimeout(onSilence, facts.timeoutMs);
  const onProgress = () => {
    if (performance.now() - startedAt < MAX_CALL_MS) timer.refresh();
  };
  const onAbort = () => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await call(controller.signal, onProgress);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : toKinesisError(error, facts);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** An answer that trickles in for longer is given up all the same: by then a shard iterator has expired. */
const MAX_CALL_MS = 4 * 60_000;

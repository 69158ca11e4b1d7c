/**
 * The Kinesis client of an egress, with a last look at the clock. A request is decided on at one moment and signed and sent at a later one;
 * a process that was stopped in between must find that its time is over, not send on behalf of a lease that ended meanwhile.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Clock, SluiceError } from '@sluice/core';
import {
  createKinesisClient,
  createRequestHandler,
  type KinesisClient,
  type KinesisClientSettings,
  type PutRecordsInput,
} from '@sluice/kinesis';

/** The request was held up for so long that it was not sent. */
export class RequestTooLateError extends SluiceError {
  readonly code = 'REQUEST_TOO_LATE';
  readonly disposition = 'retry';

  constructor(lateMs: number) {
    super(`the request was not sent: it was held up until ${Math.round(lateMs)} ms after its time-out`, { details: { lateMs } });
  }
}

type Handler = ReturnType<typeof createRequestHandler>;

export function createKinesisSink(settings: KinesisClientSettings, clock: Clock): KinesisClient {
  const deadline = new AsyncLocalStorage<number>();
  const handler = (settings.requestHandler as Handler | undefined) ?? createRequestHandler();
  const handle = handler.handle.bind(handler);
  handler.handle = (request, options) => {
    const lateMs = clock.monotonic() - (deadline.getStore() ?? Number.POSITIVE_INFINITY);
    return lateMs >= 0 ? Promise.reject(new RequestTooLateError(lateMs)) : handle(request, options);
  };
  const client = createKinesisClient({ ...settings, requestHandler: handler });
  const putRecords = client.putRecords.bind(client);
  return Object.assign(client, {
    putRecords: (input: PutRecordsInput, signal?: AbortSignal) =>
      deadline.run(clock.monotonic() + (input.timeoutMs ?? Number.POSITIVE_INFINITY), () => putRecords(input, signal)),
  });
}

/**
 * The SDK's JSON protocol with two exceptions: the body of PutRecords is written, and the replies of PutRecords and GetRecords are
 * handed out, as bytes, because the SDK's walk over the schema costs about as much CPU as everything else in these calls together.
 */
import { Readable } from 'node:stream';
import { AwsJson1_1Protocol } from '@aws-sdk/core/protocols';
import { MAX_BYTES_PER_GET } from '../limits.ts';
import type { OutgoingRecord } from '../record-check.ts';
import { BodyBuffers } from './collect-body.ts';
import { encodePutRecords } from './put-records-codec.ts';

/** Where the input of PutRecords carries the records, out of the SDK's sight. */
export const RECORDS = Symbol('records');
/** Where the output of PutRecords and GetRecords carries the reply's body. */
export const BODY = Symbol('body');

// Base64 of a full reply, and plenty for what surrounds 10,000 records. A length beyond that is not believed.
const MAX_REPLY_BYTES = 4 * MAX_BYTES_PER_GET;

/** Of all clients of this process. The decoder of a body returns it here. */
export const bodyBuffers = new BodyBuffers();

type SerializeRequest = AwsJson1_1Protocol['serializeRequest'];
type DeserializeResponse = AwsJson1_1Protocol['deserializeResponse'];

const chunkListeners = new WeakMap<object, () => void>();

/** Has a function called with each part of a reply's body that comes. */
export const onChunk = (body: object, listener: () => void): void => void chunkListeners.set(body, listener);

interface HiddenRecords {
  readonly [RECORDS]?: { readonly stream: string; readonly records: readonly OutgoingRecord[] };
}

export class KinesisProtocol extends AwsJson1_1Protocol {
  override async serializeRequest<Input extends object>(
    operation: Parameters<SerializeRequest>[0],
    input: Input,
    context: Parameters<SerializeRequest>[2],
  ): ReturnType<SerializeRequest> {
    const request = await super.serializeRequest(operation, input, context);
    const hidden = (input as HiddenRecords)[RECORDS];
    if (hidden) request.body = encodePutRecords(hidden.stream, hidden.records);
    return request;
  }

  override async deserializeResponse<Output extends object>(
    operation: Parameters<DeserializeResponse>[0],
    context: Parameters<DeserializeResponse>[1],
    response: Parameters<DeserializeResponse>[2],
  ): Promise<Output> {
    const isOurs = operation.name === 'PutRecords' || operation.name === 'GetRecords';
    if (!isOurs || response.statusCode >= 300) return (await super.deserializeResponse(operation, context, response)) as Output;
    const byteLength = Number(response.headers['content-length']);
    const isSized = response.body instanceof Readable && Number.isSafeInteger(byteLength) && byteLength <= MAX_REPLY_BYTES;
    const body = isSized
      ? await bodyBuffers.collect(response.body as Readable, byteLength, chunkListeners.get(response.body as object))
      : await context.streamCollector(response.body);
    return { [BODY]: body, $metadata: this.deserializeMetadata(response) } as unknown as Output;
  }
}

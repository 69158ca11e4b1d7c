import type { RecordPage } from '../page/record-page.ts';
import type { GetRecordsInput, PutRecordsInput, PutRecordsOutput, SubscribeInput } from '../ports.ts';
import type { BodyBuffers } from './body-buffers.ts';

/** How PutRecords and GetRecords are written and read. */
export interface Encoding {
  readonly contentType: string;
  /** A page is made of the body of its reply, which cannot be used again before the page is through. */
  readonly keepsBody: boolean;
  /** @param buffers where the body comes from; whoever sends it gives it back */
  encodePutRecords(input: Pick<PutRecordsInput, 'stream' | 'records'>, buffers: BodyBuffers): Buffer;
  encodeGetRecords(input: Pick<GetRecordsInput, 'stream' | 'iterator' | 'limit'>): Buffer;
  encodeSubscribe(input: Pick<SubscribeInput, 'consumerArn' | 'shardId' | 'position'>): Buffer;
  /**
   * The outcome of each record of a PutRecords reply.
   * @throws {Error} the reply does not hold one result for each of the `count` records of the request
   */
  decodePutRecords(body: Buffer, count: number): PutRecordsOutput;
  /**
   * The page that a GetRecords reply holds, or an event of a subscription.
   * @param free called once nothing refers to the body any more, where the page keeps it
   * @throws {Error} the body is not such a reply
   */
  decodeGetRecords(body: Buffer, origin: Pick<GetRecordsInput, 'stream' | 'shardId'>, free?: () => void): RecordPage;
  /**
   * What an error reply says of itself.
   * @throws {Error} the body is not in this encoding
   */
  decodeError(body: Buffer): ErrorMembers;
}

export interface ErrorMembers {
  /** Name of the error, perhaps behind a namespace and `#`. */
  readonly type: string | undefined;
  readonly message: string | undefined;
}

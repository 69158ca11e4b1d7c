import { setTimeout as delay } from 'node:timers/promises';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  type GetRecordsCommandOutput,
  GetShardIteratorCommand,
  type GetShardIteratorCommandInput,
  KinesisClient,
  ListShardsCommand,
  type Shard,
  type StreamDescriptionSummary,
} from '@aws-sdk/client-kinesis';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { CBOR_TYPE, CborTranscoder, cborOf, jsonOf } from './cbor-transcoding.ts';

const SIGNED_IN_LOOKS = 'AWS4-HMAC-SHA256 Credential=key/20261121/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=0';

export type WireEncoding = 'JSON' | 'CBOR';
export type HttpVersion = 'HTTP/1.1' | 'HTTP/2';

const REQUEST_TIMEOUT_MS = 15_000;

/** A Kinesis under test, and the few steps that nearly every test begins with. */
export class KinesisTarget {
  readonly endpoint: string;
  readonly client: KinesisClient;
  /** For subscriptions; speaks JSON. */
  readonly subscriber: KinesisClient;
  readonly #encoding: WireEncoding;
  #streams = 0;

  constructor(endpoint: string, encoding: WireEncoding = 'JSON', subscribesOver: HttpVersion = 'HTTP/2') {
    this.endpoint = endpoint;
    this.#encoding = encoding;
    const Handler = encoding === 'CBOR' ? CborTranscoder : NodeHttpHandler;
    const settings = {
      endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'conformance', secretAccessKey: 'secret' },
      maxAttempts: 1,
    };
    this.client = new KinesisClient({ ...settings, requestHandler: new Handler({ requestTimeout: REQUEST_TIMEOUT_MS }) });
    // By itself the SDK takes the handler for HTTP/2.
    const Subscriber = subscribesOver === 'HTTP/2' ? NodeHttp2Handler : NodeHttpHandler;
    this.subscriber = new KinesisClient({ ...settings, requestHandler: new Subscriber({ requestTimeout: REQUEST_TIMEOUT_MS }) });
  }

  /** The name of a new, active stream. */
  async createStream(shardCount = 1): Promise<string> {
    const name = `conformance-${++this.#streams}`;
    await this.client.send(new CreateStreamCommand({ StreamName: name, ShardCount: shardCount }));
    await this.untilActive(name);
    return name;
  }

  describe = async (name: string): Promise<StreamDescriptionSummary> =>
    (await this.client.send(new DescribeStreamSummaryCommand({ StreamName: name }))).StreamDescriptionSummary!;

  async untilActive(name: string): Promise<void> {
    for (;;) {
      if ((await this.describe(name)).StreamStatus === 'ACTIVE') return;
      await delay(20);
    }
  }

  async shards(name: string): Promise<Shard[]> {
    return (await this.client.send(new ListShardsCommand({ StreamName: name }))).Shards!;
  }

  async iterator(input: GetShardIteratorCommandInput): Promise<string> {
    return (await this.client.send(new GetShardIteratorCommand(input))).ShardIterator!;
  }

  /** One page from where `input` says, or from the oldest record of a shard. */
  async page(input: Partial<GetShardIteratorCommandInput>, limit?: number): Promise<GetRecordsCommandOutput> {
    const iterator = await this.iterator({ ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON', ...input });
    return await this.client.send(new GetRecordsCommand({ ShardIterator: iterator, ...(limit && { Limit: limit }) }));
  }

  /** A request as given: for what the SDK would not send. `null` leaves the authorization out. */
  async raw(
    operation: string,
    body: string,
    authorization: string | null = SIGNED_IN_LOOKS,
  ): Promise<{ status: number; type: string | undefined }> {
    const isCbor = this.#encoding === 'CBOR';
    const response = await fetch(this.endpoint, {
      method: 'POST',
      body: isCbor ? (cborOf(body) as Uint8Array<ArrayBuffer>) : body,
      headers: {
        'content-type': isCbor ? CBOR_TYPE : 'application/x-amz-json-1.1',
        'x-amz-target': `Kinesis_20131202.${operation}`,
        'x-amz-date': '20261121T000000Z',
        ...(authorization !== null && { authorization }),
      },
    });
    const reply = Buffer.from(await response.arrayBuffer());
    const text = isCbor ? jsonOf(reply) : reply.toString();
    return { status: response.status, type: /"__type":"([^"]*)"/.exec(text)?.[1] };
  }

  close(): void {
    this.client.destroy();
    this.subscriber.destroy();
  }
}

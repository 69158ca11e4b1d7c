import {
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type KinesisClientConfig,
  ListShardsCommand,
  type ListShardsOutput,
  PutRecordsCommand,
  KinesisClient as SdkClient,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { KinesisUnavailableError, RequestNotSentError } from '../errors.ts';
import { DEFAULT_MAX_RECORD_BYTES } from '../limits.ts';
import type { RecordPage } from '../page/record-page.ts';
import type { GetShardIteratorInput, KinesisSink, KinesisSource, PutRecordsInput, StartingPosition, StreamDescription } from '../ports.ts';
import type { ShardDescription } from '../shard-description.ts';
import { callWithTimeout } from './call-with-timeout.ts';
import { decodeGetRecords } from './get-records-codec.ts';
import { BODY, bodyBuffers, KinesisProtocol, onChunk, RECORDS } from './kinesis-protocol.ts';
import { decodePutRecords, streamMember } from './put-records-codec.ts';
import { createRequestHandler } from './request-handler.ts';
import { isRefusedSignature } from './to-kinesis-error.ts';

export interface KinesisClientSettings {
  readonly region?: NonNullable<KinesisClientConfig['region']>;
  readonly endpoint?: NonNullable<KinesisClientConfig['endpoint']>;
  /** `refused` is called when the service does not take a signature made with them, so that the next may be made with others. */
  readonly credentials?: NonNullable<KinesisClientConfig['credentials']> & { readonly refused?: () => void };
  /** Keep-alive HTTP/1.1 of our own where absent. */
  readonly requestHandler?: NonNullable<KinesisClientConfig['requestHandler']>;
  readonly customUserAgent?: NonNullable<KinesisClientConfig['customUserAgent']>;
  /**
   * Ends a call that is not answered in full by then; GetRecords once no part of its answer has come for this long.
   * @default 10_000 milliseconds
   */
  readonly timeoutMs?: number;
}

/** Kinesis over HTTP, each call made once: our own policy is the only one that retries. */
export interface KinesisClient extends KinesisSource, KinesisSink, Disposable {
  /** The SDK's client under it, for calls that the ports leave out (creating, splitting and deleting streams). Never retries either. */
  readonly sdk: SdkClient;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Where a middleware stands that sees a request as it is sent and its reply as it comes. */
const LAST = { step: 'deserialize', priority: 'low' } as const;

type Body = { readonly [BODY]: Uint8Array };

export function createKinesisClient({ timeoutMs = DEFAULT_TIMEOUT_MS, ...settings }: KinesisClientSettings): KinesisClient {
  const sdk = new SdkClient({
    ...settings,
    requestHandler: settings.requestHandler ?? createRequestHandler(),
    maxAttempts: 1,
    protocol: KinesisProtocol,
    cacheMiddleware: true,
    // With an `info` method the SDK would walk every record of every call to prepare a log line.
    logger: { warn: () => undefined } as unknown as NonNullable<KinesisClientConfig['logger']>,
  });

  sdk.middlewareStack.add(
    (next) => (call) =>
      next(call).catch((error: unknown) => {
        if (isRefusedSignature(error)) settings.credentials?.refused?.();
        throw error;
      }),
    { name: 'reportRefusedCredentials', step: 'initialize' },
  );

  return {
    sdk,

    describeStream: (stream, signal) =>
      callWithTimeout({ operation: 'DescribeStreamSummary', stream, timeoutMs }, signal, async (abortSignal) => {
        const { StreamDescriptionSummary: summary } = await sdk.send(new DescribeStreamSummaryCommand(streamMember(stream)), {
          abortSignal,
        });
        return toStreamDescription(summary ?? missing('StreamDescriptionSummary', stream));
      }),

    async listShards(stream, signal) {
      const shards: ShardDescription[] = [];
      let token: string | undefined;
      do {
        const page: ListShardsOutput = await callWithTimeout({ operation: 'ListShards', stream, timeoutMs }, signal, (abortSignal) =>
          sdk.send(new ListShardsCommand(token ? { NextToken: token } : streamMember(stream)), { abortSignal }),
        );
        for (const shard of page.Shards ?? []) shards.push(toShardDescription(shard));
        token = page.NextToken;
      } while (token);
      // A stream always has a shard: an empty list cannot be right.
      if (shards.length === 0) missing('Shards', stream);
      return shards;
    },

    getShardIterator: ({ stream, shardId, position }: GetShardIteratorInput, signal) =>
      callWithTimeout({ operation: 'GetShardIterator', stream, shardId, timeoutMs }, signal, async (abortSignal) => {
        const input = { ...streamMember(stream), ShardId: shardId, ...positionMembers(position) };
        return (await sdk.send(new GetShardIteratorCommand(input), { abortSignal })).ShardIterator ?? missing('ShardIterator', stream);
      }),

    getRecords: ({ stream, shardId, iterator, limit }, signal): Promise<RecordPage> =>
      callWithTimeout({ operation: 'GetRecords', stream, shardId, timeoutMs }, signal, async (abortSignal, progress) => {
        const input = { ShardIterator: iterator, Limit: limit, ...(stream.startsWith('arn:') && { StreamARN: stream }) };
        const command = new GetRecordsCommand(input);
        command.middlewareStack.add(
          (next) => async (request) => {
            const answer = await next(request);
            onChunk((answer.response as { readonly body: object }).body, progress);
            return answer;
          },
          LAST,
        );
        const output = (await sdk.send(command, { abortSignal })) as unknown as Body;
        return readReply(output, { stream, shardId }, (body) => decodeGetRecords(body, stream, shardId));
      }),

    putRecords: ({ stream, records, timeoutMs: callTimeoutMs = timeoutMs, canSend = () => true }: PutRecordsInput, signal) =>
      callWithTimeout({ operation: 'PutRecords', stream, timeoutMs: callTimeoutMs }, signal, async (abortSignal) => {
        const input = { ...streamMember(stream), Records: [], [RECORDS]: { stream, records } };
        const command = new PutRecordsCommand(input);
        beforeSending(command, () => {
          if (!canSend()) throw new RequestNotSentError({ operation: 'PutRecords', stream });
        });
        const output = (await sdk.send(command, { abortSignal })) as unknown as Body;
        return readReply(output, { stream }, (body) => decodePutRecords(body, records.length));
      }),

    [Symbol.dispose]: () => sdk.destroy(),
  };
}

/** Has a check run last of all, once the request is signed: credentials may take long to load, and a process may be stopped meanwhile. */
function beforeSending(command: PutRecordsCommand, check: () => void): void {
  command.middlewareStack.add(
    (next) => (request) => {
      check();
      return next(request);
    },
    LAST,
  );
}

/** A successful reply without its content does not come from the service. */
function missing(member: string, stream: string): never {
  throw new KinesisUnavailableError(`its reply has no ${member}`, { stream }, undefined);
}

/** A success that cannot be read came through a broken connection or a proxy; what was asked may have been done. */
function readReply<Output>(
  { [BODY]: body }: Body,
  facts: { readonly stream: string; readonly shardId?: string },
  decode: (body: Uint8Array) => Output,
): Output {
  try {
    return decode(body);
  } catch (cause) {
    throw new KinesisUnavailableError('its reply cannot be read', facts, cause);
  } finally {
    bodyBuffers.release(body);
  }
}

function toStreamDescription(summary: {
  StreamName?: string | undefined;
  StreamARN?: string | undefined;
  StreamStatus?: string | undefined;
  StreamCreationTimestamp?: Date | undefined;
  RetentionPeriodHours?: number | undefined;
  OpenShardCount?: number | undefined;
  MaxRecordSizeInKiB?: number | undefined;
  RecordDistributionStrategy?: string | undefined;
}): StreamDescription {
  return {
    name: summary.StreamName!,
    arn: summary.StreamARN!,
    status: summary.StreamStatus!,
    createdAtMs: summary.StreamCreationTimestamp?.getTime() ?? 0,
    retentionHours: summary.RetentionPeriodHours ?? 24,
    openShardCount: summary.OpenShardCount ?? 0,
    maxRecordBytes: summary.MaxRecordSizeInKiB ? summary.MaxRecordSizeInKiB * 1024 : DEFAULT_MAX_RECORD_BYTES,
    isAutoDistributed: summary.RecordDistributionStrategy === 'AUTO',
  };
}

const toShardDescription = ({
  ShardId,
  ParentShardId,
  AdjacentParentShardId,
  HashKeyRange,
  SequenceNumberRange,
}: Shard): ShardDescription => ({
  shardId: ShardId!,
  parentShardId: ParentShardId,
  adjacentParentShardId: AdjacentParentShardId,
  hashRange: { start: BigInt(HashKeyRange!.StartingHashKey!), end: BigInt(HashKeyRange!.EndingHashKey!) },
  startingSequenceNumber: SequenceNumberRange!.StartingSequenceNumber!,
  endingSequenceNumber: SequenceNumberRange!.EndingSequenceNumber,
});

function positionMembers(position: StartingPosition) {
  switch (position.type) {
    case 'TRIM_HORIZON':
    case 'LATEST':
      return { ShardIteratorType: position.type };
    case 'AT_TIMESTAMP':
      return { ShardIteratorType: position.type, Timestamp: new Date(position.timestampMs) };
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER':
      return { ShardIteratorType: position.type, StartingSequenceNumber: position.sequenceNumber };
  }
}

import {
  DescribeStreamSummaryCommand,
  GetShardIteratorCommand,
  type KinesisClientConfig,
  ListShardsCommand,
  type ListShardsOutput,
  KinesisClient as SdkClient,
  type Shard,
} from '@aws-sdk/client-kinesis';
import { KinesisUnavailableError, RequestNotSentError } from '../errors.ts';
import { DEFAULT_MAX_RECORD_BYTES } from '../limits.ts';
import type { RecordPage } from '../page/record-page.ts';
import type {
  GetShardIteratorInput,
  KinesisPush,
  KinesisSink,
  KinesisSource,
  PutRecordsOutput,
  StartingPosition,
  StreamDescription,
} from '../ports.ts';
import type { ShardDescription } from '../shard-description.ts';
import { bodyBuffers } from '../wire/body-buffers.ts';
import { streamMember } from '../wire/stream-member.ts';
import { callWithTimeout } from './call-with-timeout.ts';
import { type DataCall, DataPlane } from './data-plane.ts';
import { pushCalls } from './fan-out/push-calls.ts';
import { createRequestHandler } from './request-handler.ts';
import { isRefusedSignature } from './to-kinesis-error.ts';
import { HandlerTransport } from './transport/handler-transport.ts';
import { Http2Sessions } from './transport/http2-sessions.ts';
import type { ConnectionSettings } from './transport/open-socket.ts';
import { SocketTransport } from './transport/socket-transport.ts';

export interface KinesisClientSettings {
  readonly region?: NonNullable<KinesisClientConfig['region']>;
  readonly endpoint?: NonNullable<KinesisClientConfig['endpoint']>;
  /** `refused` is called when the service does not take a signature made with them, so that the next may be made with others. */
  readonly credentials?: NonNullable<KinesisClientConfig['credentials']> & { readonly refused?: () => void };
  /** How PutRecords and GetRecords connect to the service. Where it is absent they go through `requestHandler`, if that is given. */
  readonly connections?: ConnectionSettings;
  /** Keep-alive HTTP/1.1 of Node's where absent. */
  readonly requestHandler?: NonNullable<KinesisClientConfig['requestHandler']>;
  readonly customUserAgent?: string;
  /**
   * How records travel. With `cbor`, an endpoint that does not understand it is asked in JSON from then on.
   * @default 'cbor'
   */
  readonly encoding?: 'cbor' | 'json';
  /**
   * Ends a call that is not answered in full by then; GetRecords once no part of its answer has come for this long.
   * @default 10_000 milliseconds
   */
  readonly timeoutMs?: number;
  /**
   * Ends a subscription of which nothing came for so long; the service sends an event every few seconds.
   * @default 30_000 milliseconds
   */
  readonly silenceMs?: number;
}

/** Kinesis over HTTP, each call made once: our own policy is the only one that retries. */
export interface KinesisClient extends KinesisSource, KinesisSink, KinesisPush, Disposable {
  /** The SDK's client under it, for calls that the ports leave out (creating, splitting and deleting streams). Never retries either. */
  readonly sdk: SdkClient;
}

const DEFAULT_TIMEOUT_MS = 10_000;
const DEFAULT_SILENCE_MS = 30_000;

export function createKinesisClient({
  timeoutMs = DEFAULT_TIMEOUT_MS,
  silenceMs = DEFAULT_SILENCE_MS,
  encoding,
  connections,
  ...settings
}: KinesisClientSettings): KinesisClient {
  const sdk = new SdkClient({
    ...settings,
    requestHandler: settings.requestHandler ?? createRequestHandler(),
    maxAttempts: 1,
    cacheMiddleware: true,
    // With an `info` method the SDK would walk every record of every call to prepare a log line.
    logger: { warn: () => undefined } as unknown as NonNullable<KinesisClientConfig['logger']>,
  });

  const reportRefused = (error: unknown): never => {
    if (isRefusedSignature(error)) settings.credentials?.refused?.();
    throw error;
  };
  sdk.middlewareStack.add((next) => (call) => next(call).catch(reportRefused), { name: 'reportRefusedCredentials', step: 'initialize' });
  const parts = { buffers: bodyBuffers };
  const throughHandler = new HandlerTransport(sdk.config.requestHandler, parts);
  const isOwn = connections !== undefined || settings.requestHandler === undefined;
  const transport = isOwn ? new SocketTransport(connections ?? {}, { ...parts, otherwise: throughHandler }) : throughHandler;
  // Without sockets of our own there may be a proxy, which the handler knows: subscriptions then come over HTTP/1.1, one a connection.
  const streams = isOwn ? new Http2Sessions(connections ?? {}) : throughHandler;
  const dataPlane = new DataPlane(sdk, { transport, buffers: bodyBuffers, userAgent: settings.customUserAgent ?? 'sluice', encoding });

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

    getRecords: (input, signal): Promise<RecordPage> => {
      const { stream, shardId } = input;
      return callWithTimeout({ operation: 'GetRecords', stream, shardId, timeoutMs }, signal, (abortSignal, onProgress) => {
        const call: DataCall<RecordPage> = {
          ...{ operation: 'GetRecords', stream, onProgress },
          encode: (encoding) => encoding.encodeGetRecords(input),
          decode: (encoding, body, free) => readReply({ stream, shardId }, () => encoding.decodeGetRecords(body, input, free)),
          beforeSending: () => input.beforeSending?.(),
        };
        return dataPlane.call(call, abortSignal).catch(reportRefused);
      });
    },

    putRecords: (input, signal): Promise<PutRecordsOutput> => {
      const { stream, records, timeoutMs: callTimeoutMs = timeoutMs, canSend = () => true } = input;
      return callWithTimeout({ operation: 'PutRecords', stream, timeoutMs: callTimeoutMs }, signal, (abortSignal) => {
        const call: DataCall<PutRecordsOutput> = {
          ...{ operation: 'PutRecords', stream },
          encode: (encoding, buffers) => encoding.encodePutRecords(input, buffers),
          decode: (encoding, body) => readReply({ stream }, () => encoding.decodePutRecords(body, records.length)),
          // Credentials may take long to load and connections to open, and a process may be stopped meanwhile.
          beforeSending() {
            if (!canSend()) throw new RequestNotSentError({ operation: 'PutRecords', stream });
          },
        };
        return dataPlane.call(call, abortSignal).catch(reportRefused);
      });
    },

    ...pushCalls({ sdk, dataPlane, streams, timeoutMs, silenceMs, reportRefused }),

    [Symbol.dispose]() {
      transport[Symbol.dispose]();
      streams[Symbol.dispose]();
      sdk.destroy();
    },
  };
}

/** A successful reply without its content does not come from the service. */
function missing(member: string, stream: string): never {
  throw new KinesisUnavailableError(`its reply has no ${member}`, { stream }, undefined);
}

/** A success that cannot be read came through a broken connection or a proxy; what was asked may have been done. */
function readReply<Output>(facts: { readonly stream: string; readonly shardId?: string }, decode: () => Output): Output {
  try {
    return decode();
  } catch (cause) {
    throw new KinesisUnavailableError('its reply cannot be read', facts, cause);
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

/**
 * The stream of a DynamoDB table behind the port of Kinesis.
 *
 * Its API is a dialect of Kinesis', with differences that end here: a stream is named by its ARN alone; shards have no hash keys; the end of a
 * shard does not name its children; no reading begins at a time; a position that was trimmed is an error; replies do not say how far they are
 * behind.
 */
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  type StreamDescription as TableStream,
} from '@aws-sdk/client-dynamodb-streams';
import { type AwsClientSettings, sdkSettings } from '@sluice/credentials';
import {
  type ChildShard,
  callWithTimeout,
  createRecordPage,
  DEFAULT_MAX_RECORD_BYTES,
  IteratorExpiredError,
  type KinesisSource,
  KinesisUnavailableError,
  MAX_HASH_KEY,
  type ShardDescription,
  type StartingPosition,
} from '@sluice/kinesis';
import { formatIterator, isSince, parseIterator } from './iterator.ts';
import { toRecord } from './to-record.ts';

const DEFAULT_TIMEOUT_MS = 10_000;
/** Records that the service hands out in one call. */
const MAX_RECORDS_PER_GET = 1_000;
const RETENTION_HOURS = 24;

export type TableSource = KinesisSource & Disposable;

export function createTableSource(settings: AwsClientSettings): TableSource {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = settings;
  const client = new DynamoDBStreamsClient(sdkSettings(settings));
  const hashKeys = new Map<string, string>();

  const describe = (stream: string, signal: AbortSignal | undefined, after?: string): Promise<TableStream> =>
    callWithTimeout({ operation: 'DescribeStream', stream, timeoutMs }, signal, async (abortSignal) => {
      const command = new DescribeStreamCommand({ StreamArn: stream, ...(after !== undefined && { ExclusiveStartShardId: after }) });
      return (await client.send(command, { abortSignal })).StreamDescription ?? missing('StreamDescription', stream);
    });
  const shardsOf = async (stream: string, signal?: AbortSignal): Promise<Shard[]> => {
    const shards: Shard[] = [];
    let after: string | undefined;
    do {
      const page = await describe(stream, signal, after);
      shards.push(...(page.Shards ?? []));
      after = page.LastEvaluatedShardId;
    } while (after !== undefined);
    return shards;
  };
  /** Of the table: it never changes. */
  const hashKeyOf = async (stream: string, signal: AbortSignal | undefined): Promise<string> => {
    const known = hashKeys.get(stream);
    if (known !== undefined) return known;
    const { KeySchema: schema = [] } = await describe(stream, signal);
    const hashKey = schema.find(({ KeyType: type }) => type === 'HASH')?.AttributeName ?? missing('KeySchema', stream);
    hashKeys.set(stream, hashKey);
    return hashKey;
  };

  return {
    async describeStream(stream, signal) {
      const description = await describe(stream, signal);
      const shards = await shardsOf(stream, signal);
      return {
        name: description.TableName ?? missing('TableName', stream),
        arn: description.StreamArn ?? stream,
        status: description.StreamStatus === 'ENABLED' ? 'ACTIVE' : (description.StreamStatus ?? ''),
        createdAtMs: description.CreationRequestDateTime?.getTime() ?? 0,
        retentionHours: RETENTION_HOURS,
        openShardCount: shards.filter(({ SequenceNumberRange: range }) => range?.EndingSequenceNumber === undefined).length,
        maxRecordBytes: DEFAULT_MAX_RECORD_BYTES,
        isAutoDistributed: false,
      };
    },

    listShards: async (stream, signal) => (await shardsOf(stream, signal)).map(toShardDescription),

    async getShardIterator({ stream, shardId, position }, signal) {
      const iteratorAt = (members: ReturnType<typeof positionMembers>) =>
        callWithTimeout({ operation: 'GetShardIterator', stream, shardId, timeoutMs }, signal, async (abortSignal) => {
          const command = new GetShardIteratorCommand({ StreamArn: stream, ShardId: shardId, ...members });
          return (await client.send(command, { abortSignal }).catch(orTrimmed))?.ShardIterator;
        });
      // Behind what was trimmed there is only the oldest record that is left, where Kinesis would begin by itself.
      const iterator = (await iteratorAt(positionMembers(position))) ?? (await iteratorAt({ ShardIteratorType: 'TRIM_HORIZON' }));
      const sinceMs = position.type === 'AT_TIMESTAMP' ? position.timestampMs : undefined;
      return formatIterator({ iterator: iterator ?? missing('ShardIterator', stream), sinceMs });
    },

    async getRecords({ stream, shardId, iterator: text, limit, beforeSending }, signal) {
      const { iterator, sinceMs } = parseIterator(text);
      const hashKey = await hashKeyOf(stream, signal);
      const page = await callWithTimeout({ operation: 'GetRecords', stream, shardId, timeoutMs }, signal, async (abortSignal) => {
        beforeSending?.();
        const command = new GetRecordsCommand({ ShardIterator: iterator, Limit: Math.min(limit, MAX_RECORDS_PER_GET) });
        return (await client.send(command, { abortSignal }).catch(orTrimmed)) ?? trimmedUnder(shardId);
      });
      const all = (page.Records ?? missing('Records', stream)).map((change) => toRecord(change, { stream, shardId, hashKey }));
      const records = sinceMs === undefined ? all : all.filter(({ origin }) => isSince(origin!.arrivalTimeMs, sinceMs));
      const next = page.NextShardIterator;
      return createRecordPage({
        records,
        // Once a record has come that counts, so do all after it.
        nextIterator: next === undefined ? null : formatIterator({ iterator: next, sinceMs: records.length > 0 ? undefined : sinceMs }),
        childShards: next === undefined ? await childrenOf(stream, shardId, signal) : [],
        millisBehindLatest: behind(all.at(-1)?.origin?.arrivalTimeMs),
      });
    },

    [Symbol.dispose]: () => client.destroy(),
  };

  async function childrenOf(stream: string, shardId: string, signal: AbortSignal | undefined): Promise<ChildShard[]> {
    const shards = await shardsOf(stream, signal);
    return shards.flatMap(({ ShardId: id, ParentShardId: parent }) => (parent === shardId ? [{ shardId: id!, parents: [shardId] }] : []));
  }
}

/** Of a page that held something: what came last is so old, which the service tells to the second. */
const behind = (lastArrivalMs: number | undefined): number =>
  lastArrivalMs === undefined ? 0 : Math.max(0, Date.now() - lastArrivalMs - 1_000);

const toShardDescription = ({ ShardId: shardId, ParentShardId: parentShardId, SequenceNumberRange: range }: Shard): ShardDescription => ({
  ...{ shardId: shardId!, parentShardId },
  // Shards of a table divide its items in a way that the service does not tell: each may hold any key.
  hashRange: { start: 0n, end: MAX_HASH_KEY },
  startingSequenceNumber: range?.StartingSequenceNumber ?? '0',
  endingSequenceNumber: range?.EndingSequenceNumber,
});

function positionMembers(position: StartingPosition) {
  switch (position.type) {
    case 'LATEST':
      return { ShardIteratorType: position.type };
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER':
      return { ShardIteratorType: position.type, SequenceNumber: position.sequenceNumber };
    default:
      return { ShardIteratorType: 'TRIM_HORIZON' as const };
  }
}

/** `undefined` where the position has left the stream. */
function orTrimmed(error: unknown): undefined {
  if (error instanceof Error && error.name === 'TrimmedDataAccessException') return undefined;
  throw error;
}

/** The reader asks for an iterator again, which begins at what is left. */
function trimmedUnder(shardId: string): never {
  throw new IteratorExpiredError(shardId, undefined);
}

/** A successful reply without its content does not come from the service. */
function missing(member: string, stream: string): never {
  throw new KinesisUnavailableError(`its reply has no ${member}`, { stream }, undefined);
}

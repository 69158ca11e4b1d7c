import { MAX_SHARDS_PER_PAGE, NEXT_TOKEN_EXPIRY_MS } from '../limits.ts';
import { type JsonObject, optionalInteger, optionalObject, optionalText, optionalTimestampMs, requiredText } from '../protocol/input.ts';
import { shardShape } from '../protocol/shard-shape.ts';
import { invalidArgument, resourceNotFound, ServiceError } from '../service-error.ts';
import { FILTER_TYPES, filterShards, type ShardFilter } from '../store/shard-filter.ts';
import type { Stream } from '../store/stream.ts';
import { SHARD_ID } from './get-shard-iterator.ts';
import type { Operation, OperationContext } from './operation.ts';
import { targetStream } from './target-stream.ts';

/** Where a listing stands: everything that its next page needs. */
interface Listing {
  readonly stream: Stream;
  readonly filter: ShardFilter;
  /** The page begins with the first shard above this id. */
  readonly after: string;
}

const FROM_THE_START: ShardFilter = { type: 'FROM_TRIM_HORIZON' };

function filterOf(input: JsonObject): ShardFilter {
  const given = optionalObject(input, 'ShardFilter');
  if (!given) return FROM_THE_START;
  const type = requiredText(given, 'Type', { among: FILTER_TYPES }) as ShardFilter['type'];
  const shardId = optionalText(given, 'ShardId', SHARD_ID);
  const timestampMs = optionalTimestampMs(given, 'Timestamp');
  if ((type === 'AFTER_SHARD_ID') !== (shardId !== undefined)) {
    throw invalidArgument('ShardFilter: ShardId goes with the type AFTER_SHARD_ID, and only with it.');
  }
  if ((type === 'AT_TIMESTAMP' || type === 'FROM_TIMESTAMP') !== (timestampMs !== undefined)) {
    throw invalidArgument('ShardFilter: Timestamp goes with the types AT_TIMESTAMP and FROM_TIMESTAMP, and only with them.');
  }
  return { type, shardId, timestampMs };
}

function begin({ account }: OperationContext, input: JsonObject): Listing {
  const stream = targetStream(account, input);
  const createdAtMs = optionalTimestampMs(input, 'StreamCreationTimestamp');
  // Clients that keep whole seconds still mean this stream.
  if (createdAtMs !== undefined && Math.floor(createdAtMs / 1000) !== Math.floor(stream.createdAtMs / 1000)) {
    throw resourceNotFound(
      `Stream ${stream.name} under account ${account.accountId} created at ${new Date(createdAtMs).toISOString()} not found.`,
    );
  }
  const after = optionalText(input, 'ExclusiveStartShardId', SHARD_ID);
  const filter = filterOf(input);
  if (after !== undefined && filter !== FROM_THE_START)
    throw invalidArgument('ExclusiveStartShardId and ShardFilter must not be given together.');
  return { stream, filter, after: after ?? '' };
}

const encodeToken = ({ stream, filter }: Listing, after: string, nowMs: number): string =>
  Buffer.from(JSON.stringify({ name: stream.name, createdAtMs: stream.createdAtMs, filter, after, issuedAtMs: nowMs })).toString('base64');

function resume({ account, clock }: OperationContext, input: JsonObject, token: string): Listing {
  for (const member of ['StreamName', 'StreamARN', 'StreamCreationTimestamp', 'ExclusiveStartShardId', 'ShardFilter']) {
    if (input[member] !== undefined && input[member] !== null)
      throw invalidArgument(`NextToken and ${member} cannot be provided together.`);
  }
  const position = decodeToken(token);
  if (clock.now() - position.issuedAtMs > NEXT_TOKEN_EXPIRY_MS) {
    throw new ServiceError(
      'ExpiredNextTokenException',
      `The pagination token expired: it was issued more than ${NEXT_TOKEN_EXPIRY_MS} ms ago.`,
    );
  }
  const stream = account.stream(position.name);
  if (stream.createdAtMs !== position.createdAtMs)
    throw resourceNotFound(`Stream ${stream.name} under account ${account.accountId} not found.`);
  return { stream, filter: position.filter, after: position.after };
}

function decodeToken(token: string) {
  try {
    const { name, createdAtMs, filter, after, issuedAtMs } = JSON.parse(Buffer.from(token, 'base64').toString());
    if (typeof name === 'string' && typeof after === 'string' && typeof issuedAtMs === 'number' && FILTER_TYPES.includes(filter.type)) {
      return { name, createdAtMs: createdAtMs as number, filter: filter as ShardFilter, after, issuedAtMs };
    }
  } catch {
    // Not JSON, hence not ours: the same answer as for JSON that lacks a member.
  }
  throw invalidArgument('Invalid NextToken.');
}

export const listShards: Operation = (context, input) => {
  const token = optionalText(input, 'NextToken', { max: 1_048_576 });
  const limit = optionalInteger(input, 'MaxResults', { min: 1, max: 10_000 }) ?? MAX_SHARDS_PER_PAGE;
  const listing = token === undefined ? begin(context, input) : resume(context, input, token);
  const { stream, filter, after } = listing;
  const { controlPlane, clock } = context;
  const known = controlPlane.shards(stream, clock.now());
  const shards = filterShards(known, filter, stream.trimHorizonMs).filter(({ id }) => id > after);
  const page = shards.slice(0, Math.min(limit, MAX_SHARDS_PER_PAGE));
  const hasMore = shards.length > page.length;
  return {
    Shards: controlPlane.withoutHidden(stream, page).map(shardShape),
    NextToken: hasMore ? encodeToken(listing, page.at(-1)!.id, clock.now()) : undefined,
  };
};

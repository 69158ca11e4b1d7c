/** The stream of a table in memory, with the operations of the service on it. Iterators are places in a shard. */

const CREATED_AT_S = 1_700_000_000;
/** Shards that DescribeStream names at once. */
const SHARDS_PER_PAGE = 2;
const MAX_RECORDS = 1_000;

interface StreamShard {
  readonly id: string;
  readonly parent: string | undefined;
  readonly start: string;
  readonly records: { readonly number: string; readonly record: object }[];
  trimmed: string;
  end: string | undefined;
}

export type Input = Readonly<Record<string, string | number | undefined>>;

/** What the service answers instead of a success; its name is the code. */
export class ServiceFailure extends Error {
  constructor(name: string) {
    super('as asked');
    this.name = name;
  }
}

export class TableStream {
  readonly arn: string;
  readonly #table: string;
  readonly #shards: StreamShard[] = [];
  #lastNumber = 100_000_000_000_000_000_000n;

  constructor(table: string, shardCount: number) {
    this.#table = table;
    this.arn = `arn:aws:dynamodb:us-east-1:000000000000:table/${table}/stream/2026-01-31T12:00:00.000`;
    for (let index = 0; index < shardCount; index++) this.#add(undefined);
  }

  /** Oldest first. */
  get shardIds(): readonly string[] {
    return this.#shards.map(({ id }) => id);
  }

  /** The first of a shard's ancestors, or itself: an item stays with it. */
  lineOf(shardId: string): string {
    const { parent } = this.#shardOf(shardId);
    return parent === undefined ? shardId : this.lineOf(parent);
  }

  /** Writes an item with that key to an open shard and answers its sequence number. */
  write(shardId: string, id: string, attributes: Readonly<Record<string, unknown>> = {}, atSeconds = CREATED_AT_S): string {
    const number = this.#nextNumber();
    const keys = { id: { S: id }, line: { N: '1' } };
    const change = { ApproximateCreationDateTime: atSeconds, Keys: keys, NewImage: { ...keys, ...attributes }, SequenceNumber: number };
    const record = { eventID: number, eventName: 'INSERT', eventSource: 'aws:dynamodb', awsRegion: 'us-east-1' };
    this.#shardOf(shardId).records.push({ number, record: { ...record, dynamodb: { ...change, StreamViewType: 'NEW_IMAGE' } } });
    return number;
  }

  /** Closes a shard, as the service does every few hours, and answers its child. */
  rollOver(shardId: string): string {
    this.#shardOf(shardId).end = this.#nextNumber();
    return this.#add(shardId);
  }

  /** Drops all records of a shard up to and with that one. */
  trim(shardId: string, sequenceNumber: string): void {
    this.#shardOf(shardId).trimmed = sequenceNumber;
  }

  describe({ StreamArn, ExclusiveStartShardId }: Input): object {
    if (StreamArn !== this.arn) fail('ResourceNotFoundException');
    const from = this.#shards.findIndex(({ id }) => id === ExclusiveStartShardId) + 1;
    const page = this.#shards.slice(from, from + SHARDS_PER_PAGE);
    const description = {
      ...{ StreamArn: this.arn, TableName: this.#table, StreamStatus: 'ENABLED', CreationRequestDateTime: CREATED_AT_S },
      KeySchema: [
        { AttributeName: 'line', KeyType: 'RANGE' },
        { AttributeName: 'id', KeyType: 'HASH' },
      ],
      Shards: page.map(({ id, parent, start, end }) => ({
        ...{ ShardId: id, ParentShardId: parent },
        SequenceNumberRange: { StartingSequenceNumber: start, EndingSequenceNumber: end },
      })),
    };
    const isLast = from + SHARDS_PER_PAGE >= this.#shards.length;
    return { StreamDescription: { ...description, ...(!isLast && { LastEvaluatedShardId: page.at(-1)!.id }) } };
  }

  iteratorAt({ ShardId, ShardIteratorType: type, SequenceNumber }: Input): object {
    const { id, records, trimmed } = this.#shardOf(ShardId);
    const number = String(SequenceNumber ?? '');
    if (number !== '' && number <= trimmed) fail('TrimmedDataAccessException');
    const at = records.findIndex((record) => (type === 'AFTER_SEQUENCE_NUMBER' ? record.number > number : record.number >= number));
    const place = type === 'LATEST' || at < 0 ? records.length : at;
    return { ShardIterator: `${id} ${type === 'TRIM_HORIZON' ? 0 : place}` };
  }

  records({ ShardIterator, Limit = MAX_RECORDS }: Input): object {
    const [id, text] = String(ShardIterator).split(' ');
    const [place, limit] = [Number(text), Number(Limit)];
    if (limit > MAX_RECORDS) fail('ValidationException');
    const { records, trimmed, end } = this.#shardOf(id);
    const left = records.filter(({ number }) => number <= trimmed).length;
    if (place > 0 && place < left) fail('TrimmedDataAccessException');
    const from = Math.max(place, left);
    const page = records.slice(from, from + limit);
    const next = from + page.length;
    const isEnd = end !== undefined && next >= records.length;
    return { Records: page.map(({ record }) => record), ...(!isEnd && { NextShardIterator: `${id} ${next}` }) };
  }

  #add(parent: string | undefined): string {
    const index = this.#shards.length;
    const id = `shardId-${String(CREATED_AT_S * 1_000 + index).padStart(20, '0')}-${String(index).padStart(8, '0')}`;
    this.#shards.push({ id, parent, start: this.#nextNumber(), records: [], trimmed: '', end: undefined });
    return id;
  }

  #shardOf(id: unknown): StreamShard {
    return this.#shards.find((shard) => shard.id === id) ?? fail('ResourceNotFoundException');
  }

  #nextNumber(): string {
    this.#lastNumber += 1_000n;
    return String(this.#lastNumber);
  }
}

function fail(name: string): never {
  throw new ServiceFailure(name);
}

import type { Difference } from './differences.ts';

/**
 * Where kinesis-local 0.6.2 departs from the service. In each case the emulator does what the documentation says
 * (`@aws-sdk/client-kinesis` and the API reference) or, where that is silent, what the service was seen to do.
 */
export const kinesisLocalDifferences: readonly Difference[] = [
  {
    test: 'tells the largest record that a stream takes',
    itDoes: 'tells a size only after UpdateMaxRecordSize',
    documentation: 'DescribeStreamSummary: MaxRecordSizeInKiB is the maximum record size of a single record; its default is 1 MiB',
  },
  {
    test: 'lets an explicit hash key decide the shard',
    itDoes: 'ends each range one hash key too early, because it divides 2^128 - 1',
    documentation: 'hash keys are 128-bit integers; four shards of the service begin at multiples of 2^126',
  },
  {
    test: 'counts the length of a key in characters, not in UTF-16 units or bytes',
    itDoes: 'counts UTF-16 units',
    documentation: 'PutRecordsRequestEntry: partition keys are Unicode strings with a maximum length limit of 256 characters',
  },
  {
    test: 'refuses 501 records',
    itDoes: 'takes any number',
    documentation: 'PutRecords: each request can support up to 500 records',
  },
  {
    test: 'refuses a request of more than 10 MiB',
    itDoes: 'takes any size',
    documentation: 'PutRecords: up to a limit of 10 MiB for the entire request, including partition keys',
  },
  {
    test: 'refuses a record of 1 MiB whose key takes it over the limit',
    itDoes: 'counts the data only',
    documentation: 'PutRecords: the record size limit applies to the total size of the partition key and data blob',
  },
  {
    test: 'refuses a key that is empty or longer than 256 characters',
    itDoes: 'answers InvalidArgumentException',
    documentation: 'API reference, PartitionKey: minimum length of 1, maximum length of 256; such constraints answer ValidationException',
  },
  {
    test: 'refuses a request without records',
    itDoes: 'takes it',
    documentation: 'API reference, Records: array of at least 1 item; such constraints answer ValidationException',
  },
  {
    test: 'refuses a stream name with characters that names cannot have',
    itDoes: 'answers InvalidArgumentException',
    documentation: 'API reference, StreamName: pattern [a-zA-Z0-9_.-]+; such constraints answer ValidationException',
  },
  {
    test: 'filters shards that were open at the trim horizon',
    itDoes: 'lists shards that were created later',
    documentation: 'ShardFilter: AT_TRIM_HORIZON includes all the shards that were open at TRIM_HORIZON',
  },
  {
    test: 'filters shards by the time at which they were open',
    itDoes: 'lists shards that were created later',
    documentation: 'ShardFilter: AT_TIMESTAMP includes all shards whose start timestamp is less than or equal to the given timestamp',
  },
  {
    test: 'ends a closed shard’s range above its records and below its children’s',
    itDoes: 'ends every closed shard at 9223372036854775807',
    documentation: 'SequenceNumberRange: EndingSequenceNumber is the ending sequence number for the range',
  },
  {
    test: 'refuses to split at the edge of the range or outside of it',
    itDoes: 'splits at the edge, into a child with an empty or a single-key range',
    documentation: 'SplitShard: NewStartingHashKey must be in the range of hash keys being mapped into the shard, and divides it in two',
  },
  {
    test: 'refuses to split or merge a closed shard',
    itDoes: 'answers ResourceInUseException',
    documentation:
      'ResourceInUseException is for a stream that is not ACTIVE, InvalidArgumentException for a parameter that cannot be used',
  },
  {
    test: 'refuses an iterator that it did not give out',
    itDoes: 'answers with HTTP 500',
    documentation: 'GetRecords: InvalidArgumentException, HTTP 400',
  },
  {
    test: 'refuses an iterator in the future',
    itDoes: 'gives one out',
    documentation:
      'GetShardIterator: InvalidArgumentException for a parameter that cannot be used; the service refuses a time after its own',
  },
  {
    test: 'refuses a sequence number of another shard',
    itDoes: 'takes it',
    documentation:
      'GetShardIterator: StartingSequenceNumber is the sequence number of the data record in the shard from which to start reading',
  },
  {
    test: 'refuses an operation that the service does not have',
    itDoes: 'answers AccessDeniedException',
    documentation: 'AWS JSON 1.1: UnknownOperationException',
  },
  {
    test: 'refuses data that is not base64',
    itDoes: 'answers with HTTP 500',
    documentation: 'AWS JSON 1.1: SerializationException, HTTP 400',
  },
  {
    test: 'refuses a sequence number with an iterator that needs none',
    itDoes: 'ignores the sequence number',
    documentation:
      'GetShardIterator: StartingSequenceNumber is used with AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER; the service refuses it otherwise',
  },
  {
    test: 'lists consumers in pages',
    itDoes: 'begins anew with each page',
    documentation: 'ListStreamConsumers: to list the next set of consumers, specify the NextToken value in a subsequent call',
  },
  {
    test: 'ends a subscription with the children of its shard',
    itDoes: 'goes on with events without records',
    documentation: 'SubscribeToShardEvent: ChildShards is the list of the child shards, returned only at the end of the current shard',
  },
  {
    test: 'refuses to subscribe to a shard that there is not',
    itDoes: 'answers a subscription without events',
    documentation: 'SubscribeToShard: ResourceNotFoundException',
  },
  {
    test: 'refuses a starting position without its sequence number',
    itDoes: 'answers a subscription without events',
    documentation: 'StartingPosition: SequenceNumber is required for the types AT_SEQUENCE_NUMBER and AFTER_SEQUENCE_NUMBER',
  },
];

import { z } from 'zod';
import { consumerName, flag, goDuration, goInteger, interpolation, oneOf, requiredText, text, withoutEffect } from '../../schema/leaf.ts';
import { batchingSchema } from './batching.ts';
import { retryFields } from './retry-fields.ts';
import { sessionFields } from './session.ts';

export const kinesisOutputSchema = z
  .strictObject({
    stream: requiredText().meta({
      description: 'Name or ARN of the stream to write to.',
      examples: ['orders', 'arn:aws:kinesis:eu-west-1:111122223333:stream/orders'],
    }),
    partition_key: interpolation().meta({ description: 'The partition key of each record.', examples: [`\${! json("user.id") }`] }),
    hash_key: interpolation().optional().meta({ description: 'The explicit hash key of each record; an empty text counts as none.' }),
    max_in_flight: goInteger({ min: 1 }).prefault(64).meta({ description: 'Maximum number of batches in flight.' }),
    batching: batchingSchema.optional(),
    ...sessionFields,
    ...retryFields('one write', 'its records go back to their lane'),
  })
  .meta({ description: 'Writes records to a Kinesis data stream.' });

const LEASE_TIMES = 'leases live in Redis; their times are `sluice.lease.ttl` and `sluice.lease.renew`';

const dynamodb = z
  .strictObject({
    table: text().prefault('').meta({ description: 'Name of the table.' }),
    create: flag().prefault(false).meta({ description: 'Create the table.' }),
    billing_mode: oneOf('PAY_PER_REQUEST', 'PROVISIONED').prefault('PAY_PER_REQUEST').meta({ description: 'Billing mode of the table.' }),
    read_capacity_units: goInteger().prefault(0).meta({ description: 'Read capacity of the table.' }),
    write_capacity_units: goInteger().prefault(0).meta({ description: 'Write capacity of the table.' }),
    ...sessionFields,
  })
  .meta(withoutEffect('Sluice keeps leases and checkpoints in Redis (`sluice.redis`), and makes what it needs there'));

const enhancedFanOut = z
  .strictObject({
    enabled: flag().prefault(false).meta({
      description:
        'Read through a registered consumer, to which each shard pushes up to 2 MiB/s for it alone. While that fails, the shard is polled.',
    }),
    consumer_name: consumerName().prefault('').meta({
      description: 'Name of the consumer, of this application alone; required when enabled. It is registered where it is not there.',
    }),
    consumer_activation_timeout: goDuration()
      .prefault('1m')
      .meta({ description: 'How long a new consumer may take to become active before that is reported. Shards are polled meanwhile.' }),
    max_resubscribe_interval: goDuration({ atLeast: 1_000 }).prefault('30s').meta({
      description: 'Longest pause before it is tried again to subscribe after a failure, 1 s at least. Shards are polled meanwhile.',
    }),
  })
  .refine(({ enabled, consumer_name }) => !enabled || consumer_name !== '', { error: '`consumer_name` is required when `enabled` is true' })
  .meta({ description: 'Enhanced fan-out.' });

export const kinesisInputSchema = z
  .strictObject({
    streams: z.array(text()).meta({
      description: 'Streams to read, by name or ARN; an element may be a comma-separated list. `stream:shardId` reads one shard.',
      examples: [['orders']],
    }),
    dynamodb: dynamodb.optional(),
    checkpoint_limit: goInteger({ atLeast: 1 }).optional().meta({
      description:
        'Maximum number of records of a shard that are read and not yet in a lane, beside an incomplete batch. By default only memory limits it.',
    }),
    auto_replay_nacks: flag().prefault(true).meta(withoutEffect('a record that cannot be delivered is kept, never dropped')),
    commit_period: goDuration()
      .optional()
      .meta({ description: 'Least time between two checkpoints of a shard. By default one is written with every batch that is enqueued.' }),
    steal_grace_period: goDuration().prefault('2s').meta(withoutEffect(LEASE_TIMES)),
    rebalance_period: goDuration().prefault('30s').meta(withoutEffect(LEASE_TIMES)),
    lease_period: goDuration().prefault('30s').meta(withoutEffect(LEASE_TIMES)),
    start_from_oldest: flag()
      .prefault(true)
      .meta({ description: 'Start a shard that has no checkpoint at its oldest record; `false` starts with new records.' }),
    poll_period: goDuration()
      .prefault('0s')
      .meta({ description: 'Minimum time between two reads of a shard; `0s` reads as often as Kinesis allows.' }),
    enhanced_fan_out: enhancedFanOut.optional(),
    ...sessionFields,
    batching: batchingSchema.optional().meta({
      description:
        'Input batches, of each shard by itself. What they have for one lane stays together: processors see it as one batch. By default records are enqueued as they are read.',
    }),
  })
  .meta({ description: 'Reads one or more Kinesis data streams.' });

export type KinesisInputFields = z.output<typeof kinesisInputSchema>;

import { z } from 'zod';
import { duration, flag, integer, interpolation, oneOf, requiredText, text, withoutEffect } from '../../schema/leaf.ts';
import { batchingSchema } from './batching.ts';
import { sessionFields } from './session.ts';

export const kinesisOutputSchema = z
  .strictObject({
    stream: requiredText().meta({
      description: 'The stream to write to: its name, or its ARN.',
      examples: ['orders', 'arn:aws:kinesis:eu-west-1:111122223333:stream/orders'],
    }),
    partition_key: interpolation().meta({ description: 'The partition key of each record.', examples: [`\${! json("user.id") }`] }),
    hash_key: interpolation().optional().meta({ description: 'The explicit hash key of each record; an empty text counts as none.' }),
    max_in_flight: integer({ min: 1 }).prefault(64).meta({ description: 'Batches that may be written at the same time.' }),
    batching: batchingSchema.optional(),
    ...sessionFields,
    max_retries: integer({ min: 0 }).prefault(0).meta({ description: 'Retries of one write; `0` means no limit but `max_elapsed_time`.' }),
    backoff: z
      .strictObject({
        initial_interval: duration().prefault('1s').meta({ description: 'The first pause.' }),
        max_interval: duration().prefault('5s').meta({ description: 'The longest pause.' }),
        max_elapsed_time: duration()
          .prefault('30s')
          .meta({ description: 'How long one write is retried before its records go back to their lane; `0s` means no limit.' }),
      })
      .prefault({})
      .meta({ description: 'The pauses between retries: each 1.5 times the last, spread by half either way.' }),
  })
  .meta({ description: 'Writes records to a Kinesis data stream.' });

const LEASE_TIMES = 'leases live in Redis; their times are `sluice.lease.ttl` and `sluice.lease.renew`';

const dynamodb = z
  .strictObject({
    table: text().prefault('').meta({ description: 'The table of the original.' }),
    create: flag().prefault(false).meta({ description: 'Of that table.' }),
    billing_mode: oneOf('PAY_PER_REQUEST', 'PROVISIONED').prefault('PAY_PER_REQUEST').meta({ description: 'Of that table.' }),
    read_capacity_units: integer().prefault(0).meta({ description: 'Of that table.' }),
    write_capacity_units: integer().prefault(0).meta({ description: 'Of that table.' }),
    ...sessionFields,
  })
  .meta(withoutEffect('Sluice keeps leases and checkpoints in Redis (`sluice.redis`), and makes what it needs there'));

const enhancedFanOut = z
  .strictObject({
    enabled: flag()
      .prefault(false)
      .meta({ description: 'Push to a registered consumer, with 2 MiB/s a shard of its own. No worker does it yet: `true` is refused.' }),
    consumer_name: text().prefault('').meta({ description: 'The name of the consumer; required when enabled.' }),
    consumer_activation_timeout: duration().prefault('1m').meta({ description: 'Longest time a new consumer may take to become active.' }),
    max_resubscribe_interval: duration().prefault('30s').meta({ description: 'The longest pause between subscriptions.' }),
  })
  .refine(({ enabled, consumer_name }) => !enabled || consumer_name !== '', { error: '`consumer_name` is required when `enabled` is true' })
  .meta({ description: 'Enhanced fan-out, which no worker does yet.' });

export const kinesisInputSchema = z
  .strictObject({
    streams: z.array(text()).meta({
      description: 'Streams to read: names or ARNs, several with commas between; `stream:shardId` names one shard.',
      examples: [['orders']],
    }),
    dynamodb: dynamodb.optional(),
    checkpoint_limit: integer({ min: 1 })
      .optional()
      .meta({ description: 'Records of a shard that may be read and not yet in a lane. Where absent, as many as memory allows.' }),
    auto_replay_nacks: flag().prefault(true).meta(withoutEffect('a record that cannot be delivered is kept, never dropped')),
    commit_period: duration().prefault('5s').meta(withoutEffect('a checkpoint is written with every batch that is enqueued')),
    steal_grace_period: duration().prefault('2s').meta(withoutEffect(LEASE_TIMES)),
    rebalance_period: duration().prefault('30s').meta(withoutEffect(LEASE_TIMES)),
    lease_period: duration().prefault('30s').meta(withoutEffect(LEASE_TIMES)),
    start_from_oldest: flag()
      .prefault(true)
      .meta({ description: 'Whether a shard without checkpoint is read from its oldest record, else from its newest.' }),
    poll_period: duration()
      .prefault('0s')
      .meta({ description: 'Least time between two reads of a shard; `0s` means as often as Kinesis allows.' }),
    enhanced_fan_out: enhancedFanOut.optional(),
    ...sessionFields,
    batching: batchingSchema
      .optional()
      .meta(withoutEffect('records are enqueued as they are read; batch them with `batching` of the output')),
  })
  .meta({ description: 'Reads one or more Kinesis data streams.' });

export type KinesisInputFields = z.output<typeof kinesisInputSchema>;

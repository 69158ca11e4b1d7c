import { parseStartPosition, START_POSITIONS } from '@sluice/core';
import { z } from 'zod';
import { consumerName, duration, leaf, oneOf, optionalRole, optionalText, Refusal } from '../schema/leaf.ts';
import { describeNode } from '../yaml/node.ts';

const startPosition = () =>
  leaf(
    { type: 'string' },
    'a position',
    (node) => parseStartPosition(node.text) ?? new Refusal(`expected ${START_POSITIONS}, got ${describeNode(node)}`),
  );

/** A sequence number means one shard. */
const streamStart = () =>
  startPosition().refine((start) => start.type !== 'at' && start.type !== 'after', {
    error: 'a sequence number belongs to one shard: set it under `streams.NAME.shards.SHARD`',
  });

const START = 'Holds for a shard that has no checkpoint yet; `sluice rewind` moves one that has.';

const streamOverride = z
  .strictObject({
    start: streamStart()
      .optional()
      .meta({ description: 'Where reading this stream begins, as `start` of the ingress.', examples: ['-30m'] }),
    region: optionalText()
      .optional()
      .meta({ description: 'Where it is, if not in the region of the ingress. An ARN says so itself.', examples: ['us-east-1'] }),
    role: optionalRole().optional().meta({
      description: 'The ARN of a role to assume for this stream, with the credentials of the ingress: for a stream of another account.',
    }),
    role_external_id: optionalText().optional().meta({ description: 'External id to send when that role is assumed.' }),
    shards: z
      .record(z.string(), startPosition())
      .prefault({})
      .meta({
        description:
          'Where reading single shards begins, by shard ID: also a sequence number, after whose record reading begins, or `at:` and one.',
        examples: [{ 'shardId-000000000003': 'at:49590338271490256608559692538361571095921575989136588898' }],
      }),
  })
  .refine(({ role, role_external_id: externalId }) => role !== undefined || externalId === undefined, {
    error: '`role_external_id` means nothing without `role`',
  })
  .meta({ description: 'Settings of one stream of an ingress.' });

const ingressOverride = z
  .strictObject({
    start: streamStart()
      .optional()
      .meta({
        description: `Where reading begins, whatever the ingress's own file says: \`earliest\`, \`latest\`, a time (ISO 8601), or a duration back such as \`-2h\` or \`-7d\`. ${START}`,
        examples: ['-2h', '2026-01-31T12:00:00Z'],
      }),
    fan_out: consumerName()
      .optional()
      .meta({
        description:
          'Name of the consumer with which this ingress reads by enhanced fan-out, whatever its own file and `sluice.fan_out` say; an empty text has it poll.',
        examples: ['orders-app'],
      }),
    on_error: oneOf('pass', 'dead_letter', 'block', 'drop').prefault('pass').meta({
      description:
        'What happens to a record that cannot be unpacked (a container of the KPL that contradicts itself). `pass`: it goes on whole, and its metadata `kinesis_malformed_aggregate` says what is wrong. `dead_letter`: it becomes a dead letter of each target. `block`: its shard stands still there. `drop`: it is counted, logged and left out.',
    }),
    streams: z
      .record(z.string(), streamOverride)
      .prefault({})
      .meta({ description: 'Settings of individual streams of the ingress, as the ingress names them (name or ARN).' }),
  })
  .meta({ description: 'Settings of one ingress, which override those of its own file.' });

export const ingressesSchema = z.record(z.string(), ingressOverride).prefault({}).meta({
  description: 'Settings of individual ingresses, by id: that of a module.yaml, or `input/` and the label of a Benthos input.',
});

export const fanOutSchema = z
  .strictObject({
    consumer: consumerName()
      .prefault('')
      .meta({
        description:
          'Name of the consumer with which ingresses read by enhanced fan-out; empty: they poll, unless their own file says otherwise. It is registered with each stream that does not have it, and must be of this application alone. Two ingresses of one stream need one each.',
        examples: ['orders-app'],
      }),
    activation_timeout: duration()
      .prefault('1m')
      .meta({ description: 'How long a new consumer may take to become active before that is reported. Shards are polled meanwhile.' }),
    max_pause: duration({ min: 1_000 })
      .prefault('30s')
      .meta({ description: 'Longest pause before it is tried again to subscribe after a failure. Shards are polled meanwhile.' }),
  })
  .prefault({})
  .meta({ description: 'Enhanced fan-out: shards push their records, each up to 2 MiB/s for the consumer alone.' });

import { z } from 'zod';
import { flag, goDuration, goInteger, secret, text, withoutEffect } from '../../schema/leaf.ts';

const credentials = z
  .strictObject({
    profile: text().prefault('').meta({ description: 'A profile of `~/.aws/credentials`. Wins over `id`.' }),
    id: text().prefault('').meta({ description: 'The access key id of static credentials.' }),
    secret: secret().prefault('').meta({ description: 'The secret access key that goes with `id`.' }),
    token: secret().prefault('').meta({ description: 'The session token, required with short-term credentials.' }),
    from_ec2_role: flag()
      .prefault(false)
      .meta({ description: 'Use the role of the EC2 instance. Replaces every other source, an assumed `role` too.' }),
    role: text().prefault('').meta({ description: 'The ARN of a role to assume with the credentials found so far.' }),
    role_external_id: text().prefault('').meta({ description: 'External id to send when the role is assumed.' }),
  })
  .meta({
    description:
      'Where credentials come from. Without any of these the default chain of the AWS SDK is used: environment, shared files, web identity, container, instance.',
  });

const tcp = z
  .strictObject({
    connect_timeout: goDuration().prefault('0s').meta({ description: 'Timeout for opening a connection; `0s` uses the default of 3 s.' }),
    keep_alive: z
      .strictObject({
        idle: goDuration().prefault('15s').meta({ description: 'Silence after which a connection is probed.' }),
        interval: goDuration().prefault('15s').meta({ description: 'Time between probes.' }),
        count: goInteger().prefault(9).meta({ description: 'Probes without answer before a connection counts as dead.' }),
      })
      .prefault({})
      .meta(withoutEffect('Node decides when a connection is probed')),
    tcp_user_timeout: goDuration().prefault('0s').meta(withoutEffect('Node has no such option')),
  })
  .meta({ description: 'Options of the TCP connections.' });

/** The fields that every AWS component of Benthos has. */
export const sessionFields = {
  region: text()
    .prefault('')
    .meta({ description: 'The AWS region. Empty: what the default chain of the AWS SDK finds.', examples: ['eu-west-1'] }),
  endpoint: text()
    .prefault('')
    .meta({
      description: 'A custom endpoint for Kinesis and for the assumed role, plain http included.',
      examples: ['http://localhost:4567'],
    }),
  tcp: tcp.optional(),
  credentials: credentials.prefault({}),
};

export type SessionFields = {
  readonly region: string;
  readonly endpoint: string;
  readonly tcp?: z.output<typeof tcp> | undefined;
  readonly credentials: z.output<typeof credentials>;
};

import type { z } from 'zod';
import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { regionOfQueue } from '../schema/region.ts';
import { compileSession } from './compile-session.ts';
import { awsOutputTypes } from './schema/aws-outputs.ts';

type SqsFields = z.output<typeof awsOutputTypes.aws_sqs>;
type QueueFields = Pick<SqsFields, 'url' | 'message_group_id' | 'message_deduplication_id' | 'delay_seconds'>;
type S3Fields = z.output<typeof awsOutputTypes.aws_s3>;

/** The options of an output; of one to a service of AWS, `aws` stands in the place of the session's fields. */
export function withSession(type: string, options: unknown, position: SourcePosition, log: ProblemLog): unknown {
  if (!Object.hasOwn(awsOutputTypes, type)) return options;
  const { region, endpoint, credentials, tcp, ...others } = options as SqsFields | S3Fields;
  const aws = compileSession({ region, endpoint, credentials, tcp }, position, log);
  if (!('url' in others)) return { ...others, aws };
  checkQueue(others, position, log);
  return { ...others, aws: { ...aws, region: queueRegion(others.url, aws.region, position, log) } };
}

/** What SQS would refuse of each message. */
function checkQueue(
  { url, message_group_id: group, message_deduplication_id: deduplication, delay_seconds: delay }: QueueFields,
  position: SourcePosition,
  log: ProblemLog,
): void {
  const isFifo = url.endsWith('.fifo');
  if (isFifo && group.source === '')
    log.error(
      'field.missing',
      position,
      '`message_group_id` is missing: a FIFO queue, whose name ends with `.fifo`, takes no message without it',
    );
  if (isFifo && delay.source !== '' && delay.source !== '0')
    log.error(
      'field.value',
      delay.position,
      '`delay_seconds`: a FIFO queue has one delay for all messages; remove it, and set that of the queue',
    );
  if (!isFifo && deduplication.source !== '')
    log.error(
      'field.value',
      deduplication.position,
      '`message_deduplication_id`: only a FIFO queue, whose name ends with `.fifo`, takes it; remove it',
    );
}

/** A queue is in one region, which its URL names. */
function queueRegion(url: string, configured: string | undefined, position: SourcePosition, log: ProblemLog): string | undefined {
  const own = regionOfQueue(url);
  if (own !== undefined && configured !== undefined && configured !== own)
    log.warn(
      'module.ineffective',
      position,
      `\`region: ${configured}\` has no effect: the queue is in \`${own}\`, which its \`url\` names`,
    );
  return own ?? configured;
}

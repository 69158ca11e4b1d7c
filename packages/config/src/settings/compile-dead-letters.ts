import { compileSession } from '../benthos/compile-session.ts';
import type { AwsSettings } from '../model/aws.ts';
import type { DeadLetterOutputSettings, DeadLetterSettings } from '../model/settings.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { regionOfQueue } from '../schema/region.ts';
import type { MapNode } from '../yaml/node.ts';
import type { DeadLettersFields } from './dead-letters-schema.ts';

/** @param settings what stands under `sluice:` */
export const compileDeadLetters = (
  { output, max_age: maxAgeMs, max_bytes: maxBytes }: DeadLettersFields,
  settings: MapNode,
  log: ProblemLog,
): DeadLetterSettings => ({
  output: compileOutput(output, () => {
    const { region, endpoint = '', credentials } = output;
    return compileSession({ region, endpoint, credentials }, (settings.get('dead_letters') ?? settings).position, log);
  }),
  maxAgeMs: maxAgeMs || undefined,
  maxBytes: maxBytes || undefined,
});

function compileOutput(
  { file, stream, sqs, s3 }: DeadLettersFields['output'],
  compileAws: () => AwsSettings,
): DeadLetterOutputSettings | undefined {
  if (file !== undefined) return { type: 'file', path: file };
  if (stream !== undefined) return { type: 'stream', stream, aws: compileAws() };
  if (sqs !== undefined) return { type: 'sqs', url: sqs, aws: withRegionOf(sqs, compileAws()) };
  if (s3.bucket === undefined) return undefined;
  return { type: 's3', bucket: s3.bucket, prefix: s3.prefix ?? '', isPathStyle: s3.force_path_style_urls, aws: compileAws() };
}

const withRegionOf = (url: string, aws: AwsSettings): AwsSettings => ({ ...aws, region: aws.region ?? regionOfQueue(url) });

import type { AwsSettings } from '../model/aws.ts';
import type { SluiceConfig } from '../model/config.ts';
import type { ProblemLog } from '../problem/problem.ts';

interface Place {
  readonly stream: string;
  readonly aws: AwsSettings;
}

/** Dead letters that are sent to a stream which is read come in as records, and those that are dead again make further ones. */
export function warnOfDeadLettersThatComeBack({ ingresses, settings }: SluiceConfig, log: ProblemLog): void {
  const { output } = settings.deadLetters;
  if (output?.type !== 'stream') return;
  for (const { id, aws, streams } of ingresses) {
    const found = streams.find((each) => isSame({ stream: each.stream, aws: each.aws ?? aws }, output));
    if (!found) continue;
    log.warn(
      'module.ineffective',
      found.position,
      `ingress \`${id}\` reads \`${found.stream}\`, to which \`sluice.dead_letters.output.stream\` sends dead letters: they come in again, and those that are dead again without end; send them to a stream of their own`,
    );
  }
}

/** By name, and by region and endpoint as far as both are known. */
function isSame(one: Place, other: Place): boolean {
  const areEqual = (some: string | undefined, more: string | undefined) => some === undefined || more === undefined || some === more;
  return (
    nameOf(one.stream) === nameOf(other.stream) &&
    areEqual(one.aws.region, regionIn(other.stream) ?? other.aws.region) &&
    areEqual(one.aws.endpoint, other.aws.endpoint)
  );
}

const nameOf = (stream: string): string => stream.replace(/^arn:.*:stream\//, '');
const regionIn = (stream: string): string | undefined => /^arn:[^:]*:kinesis:([^:]+):/.exec(stream)?.[1];

import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';

export interface Located {
  readonly stream: string;
  readonly position: SourcePosition;
  /** What is configured, and whose it is, for a warning. */
  readonly region: string | undefined;
  readonly ofWhat: string;
  readonly does: 'read' | 'written';
}

/** The region of a stream: that of its ARN where it has one, since nowhere else does it exist. Warns where another one is configured. */
export function regionOf({ stream, position, region: configured, ofWhat, does }: Located, log: ProblemLog): string | undefined {
  const [, region] = /^arn:[^:]*:(?:kinesis|dynamodb):([^:]+):/.exec(stream) ?? [];
  if (region === undefined) return configured;
  if (configured !== undefined && configured !== region)
    log.warn(
      'module.ineffective',
      position,
      `stream \`${stream}\` is ${does} in \`${region}\`, which its ARN names; the region \`${configured}\` of ${ofWhat} has no effect on it`,
    );
  return region;
}

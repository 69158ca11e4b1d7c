/** What a configuration makes of an id. Shards, checkpoints and lanes in Redis are found by ids, so two configurations with one id share them. */
import { basename } from 'node:path';
import { type SluiceConfig, type WorkerRole, withNestedComponents } from '@sluice/config';

export interface PartUse {
  /** `ingress input/orders` or `egress output/orders`. */
  readonly id: string;
  /** Which streams it reads, or where it writes to. */
  readonly does: string;
  /** Name of the file that defines it, without its folder. */
  readonly file: string;
  /** Whether the user chose the id. */
  readonly isNamed: boolean;
}

/** What a worker of this role runs. */
export function usesOf({ ingresses, egresses, outputs }: SluiceConfig, role: WorkerRole): readonly PartUse[] {
  if (role === 'ingress-worker')
    return ingresses.map(({ id, streams, position: { file } }) => ({
      ...{ id: `ingress ${id}`, file: basename(file), isNamed: id !== 'input/aws_kinesis' },
      does: `reads ${listed(streams.map(({ stream }) => stream))}`,
    }));
  if (role !== 'egress-worker') return [];
  return [
    ...egresses.map(({ id, stream, position: { file } }) => ({
      ...{ id: `egress ${id}`, file: basename(file), isNamed: id !== 'output/aws_kinesis' },
      does: stream.type === 'fixed' ? `writes to ${stream.stream}` : 'writes to the streams that records name',
    })),
    ...outputs.map(({ id, output, position: { file } }) => ({
      ...{ id: `egress ${id}`, file: basename(file), isNamed: output.label !== undefined },
      does: `writes to ${listed(withNestedComponents(output).map(({ type }) => type))}`,
    })),
  ];
}

/** Whether another configuration may have had the id. A file may be moved, but where the id is not the user's it tells two of them apart. */
export const isOtherwise = (use: PartUse, before: Pick<PartUse, 'does' | 'file'>): boolean =>
  use.does !== before.does || (!use.isNamed && use.file !== before.file);

const listed = (names: readonly string[]): string => [...new Set(names)].sort().join(', ');

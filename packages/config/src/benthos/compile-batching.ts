import type { BatchPolicy } from '../model/batch-policy.ts';
import type { SourcePosition } from '../model/position.ts';
import type { ProcessorSettings } from '../model/processor.ts';
import type { BenthosContext } from './context.ts';
import type { BatchingFields } from './schema/batching.ts';

/** The policy, or `undefined` where the fields set no trigger: as upstream, a `count` of 1 is none. */
export function compileBatching(
  fields: BatchingFields | undefined,
  processors: readonly ProcessorSettings[],
  path: string,
  position: SourcePosition,
  { log }: BenthosContext,
): BatchPolicy | undefined {
  if (!fields) return undefined;
  const check = fields.check.source === '' ? undefined : fields.check;
  const hasTrigger = fields.count > 0 || fields.byte_size > 0 || fields.period > 0 || check !== undefined;
  if (!hasTrigger && processors.length > 0) {
    log.error(
      'field.value',
      position,
      `\`${path}\`: a batch policy must have at least one active trigger: \`count\`, \`byte_size\`, \`period\` or \`check\``,
    );
  }
  const isNoop = fields.count <= 1 && fields.byte_size <= 0 && fields.period <= 0 && check === undefined && processors.length === 0;
  if (!hasTrigger || isNoop) return undefined;
  if (check && fields.count <= 0 && fields.byte_size <= 0 && fields.period <= 0) {
    log.warn('module.ineffective', position, `\`${path}\`: with \`check\` alone a batch may wait forever; set \`period\` too`);
  }
  return { count: fields.count, byteSize: fields.byte_size, periodMs: fields.period, check, processors };
}

import type { BatchPolicy } from '../model/batch-policy.ts';
import type { SourcePosition } from '../model/position.ts';
import { compileProcessors } from './compile-processors.ts';
import type { BenthosContext } from './context.ts';
import type { BatchingFields } from './schema/batching.ts';

/** The policy, or `undefined` where the fields set no trigger: as upstream, a `count` of 1 is none. */
export function compileBatching(
  fields: BatchingFields | undefined,
  path: string,
  position: SourcePosition,
  context: BenthosContext,
): BatchPolicy | undefined {
  if (!fields) return undefined;
  const check = fields.check.source === '' ? undefined : fields.check;
  const processors = compileProcessors(fields.processors, `${path}.processors`, context);
  const hasTrigger = fields.count > 0 || fields.byte_size > 0 || fields.period > 0 || check !== undefined;
  if (!hasTrigger && processors.length > 0) {
    context.log.error(
      'field.value',
      position,
      `\`${path}\`: a batch policy must have at least one active trigger: \`count\`, \`byte_size\`, \`period\` or \`check\``,
    );
  }
  const isNoop = fields.count <= 1 && fields.byte_size <= 0 && fields.period <= 0 && check === undefined && processors.length === 0;
  if (!hasTrigger || isNoop) return undefined;
  if (check && fields.count <= 0 && fields.byte_size <= 0 && fields.period <= 0) {
    context.log.warn('module.ineffective', position, `\`${path}\`: with \`check\` alone a batch may wait for ever; set \`period\` too`);
  }
  return { count: fields.count, byteSize: fields.byte_size, periodMs: fields.period, check, processors };
}

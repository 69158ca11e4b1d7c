import type { z } from 'zod';
import type { BufferSettings } from '../model/pipeline.ts';
import type { ConfigNode } from '../yaml/node.ts';
import { compileProcessors } from './compile-processors.ts';
import type { BenthosContext } from './context.ts';
import type { bufferSchema } from './schema/buffer.ts';

/** The buffer of a pipeline in one process; `undefined` where it has none, or, with a problem reported, one that Sluice does not have. */
export function compileBuffer(
  fields: z.output<typeof bufferSchema> | undefined,
  node: ConfigNode | undefined,
  context: BenthosContext,
): BufferSettings | undefined {
  if (!fields || !node) return undefined;
  for (const name of ['sqlite', 'system_window'] as const)
    if (fields[name] || fields.type === name)
      context.log.error('component.unsupported', node.position, `Sluice has no buffer \`${name}\`; it supports \`none\`, \`memory\``);
  const { memory } = fields;
  if (!memory) return undefined;
  const { limit, batch_policy: fieldsOfPolicy } = memory;
  if (!fieldsOfPolicy?.enabled) return { limit, batching: undefined };
  const path = 'buffer.memory.batch_policy';
  const policy = { ...fieldsOfPolicy, processors: compileProcessors(fieldsOfPolicy.processors, `${path}.processors`, context) };
  return { limit, batching: { path: `root.${path}`, position: node.position, policy } };
}

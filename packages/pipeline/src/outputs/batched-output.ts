import type { ComponentSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import type { Deliver } from '../delivery.ts';
import { batchingBy, type PolicyOptions } from '../stages/batch-policy.ts';

/** An output behind its `batching`, if it has one. */
export function batchedOutput(
  output: Deliver,
  policy: PolicyOptions | undefined,
  settings: ComponentSettings,
  context: ComponentContext,
): Deliver {
  const stage = policy && batchingBy(policy, output, settings, context);
  if (!stage) return output;
  context.onBatching(stage);
  return stage.deliver;
}

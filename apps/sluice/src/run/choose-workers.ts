import type { SluiceConfig, WorkerRole } from '@sluice/config';
import { NoInputError, NothingToRunError } from './errors.ts';

export interface RunRequest {
  /** Named in errors. */
  readonly files: readonly string[];
  /** Other programs put the records on the egresses. */
  readonly isEgressOnly: boolean;
}

/**
 * The workers that a configuration needs: one that reads where there is an ingress, one that calls functions where there is an endpoint, one
 * that writes where there is an egress.
 * @throws {NothingToRunError} it has none of them, or no egress where only that is asked for
 * @throws {NoInputError} it only writes, so that nothing would ever move
 */
export function chooseWorkers(
  { ingresses, egresses, outputs, endpoints }: SluiceConfig,
  { files, isEgressOnly }: RunRequest,
): readonly WorkerRole[] {
  const hasEgress = egresses.length + outputs.length > 0;
  const hasIngress = ingresses.length > 0 && !isEgressOnly;
  const hasEndpoint = endpoints.length > 0 && !isEgressOnly;
  if (!hasEgress && !hasIngress && !hasEndpoint)
    throw new NothingToRunError(files, isEgressOnly ? 'an egress' : 'an ingress, an endpoint or an egress');
  if (!hasIngress && !hasEndpoint && !isEgressOnly) throw new NoInputError(files);
  return [
    ...(hasEgress ? (['egress-worker'] as const) : []),
    ...(hasEndpoint ? (['function-worker'] as const) : []),
    ...(hasIngress ? (['ingress-worker'] as const) : []),
  ];
}

import { programRefusal } from '@sluice/processors';
import type { ProgramUse } from '../benthos/context.ts';
import type { ProblemLog } from '../problem/problem.ts';

/** Reports each processor that runs what may not be run. */
export function refusePrograms(uses: readonly ProgramUse[], allowed: readonly string[], log: ProblemLog): void {
  for (const { type, name, position } of uses) {
    const refusal = programRefusal(name, allowed);
    if (refusal !== undefined) log.error('component.unsupported', position, `processor \`${type}\`: ${refusal}`);
  }
}

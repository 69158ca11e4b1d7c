import { programRefusal } from '@sluice/processors';
import type { ProgramUse } from '../benthos/context.ts';
import type { ProblemLog } from '../problem/problem.ts';

/** Reports each processor that runs what may not be run. */
export function refusePrograms(uses: readonly ProgramUse[], allowed: readonly string[], log: ProblemLog): void {
  const places = new Map(uses.map((use) => [`${use.position.file}:${use.position.line}:${use.position.column}`, use]));
  for (const { type, name, position } of places.values()) {
    const refusal = programRefusal(name, allowed);
    if (refusal !== undefined) log.error('component.unsupported', position, `processor \`${type}\`: ${refusal}`);
  }
}

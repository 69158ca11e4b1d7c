import { withNestedComponents } from '../model/nested-components.ts';
import type { ComponentSettings } from '../model/pipeline.ts';
import type { ProblemLog } from '../problem/problem.ts';

/** Outputs that make no sense for records of lanes. */
const REFUSED: Readonly<Record<string, string>> = {
  inproc: 'no `inproc` input can receive what it hands on',
  sync_response: 'nobody waits for an answer',
};

/** Refuses, by name, what an output of an `aws_kinesis` input may not be made of. */
export function refuseInLanes(output: ComponentSettings, log: ProblemLog): void {
  for (const { type, position } of withNestedComponents(output)) {
    const reason = REFUSED[type];
    if (reason) log.error('component.unsupported', position, `behind an \`aws_kinesis\` input there is no output \`${type}\`: ${reason}`);
  }
}

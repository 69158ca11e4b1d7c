import type { DeadLetterSettings } from '@sluice/config';
import { plural } from '@sluice/core';
import { nearestLimit, WARNING_SHARE } from '@sluice/dead-letters';
import type { DeadLettersMeasure } from '@sluice/queue';
import { durationText } from '../terminal/quantities.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** Dead letters with an output are in it within seconds; older ones were not taken. */
const OVERDUE_MS = 5 * 60_000;

/** What the dead letters of each target say of their output and their limits. */
export function deadLetterFindings(settings: DeadLetterSettings, targets: ReadonlyMap<string, DeadLettersMeasure>): Finding[] {
  const findings = [...targets].flatMap(([target, measure]) => [
    ...overdue(target, settings, measure),
    ...nearLimit(target, settings, measure),
  ]);
  const count = [...targets.values()].reduce((sum, measure) => sum + measure.count, 0);
  return findings.length > 0 ? findings : [ok('dead letters', count === 0 ? 'none' : `${plural(count, 'dead letter')} in Redis`)];
}

function overdue(target: string, { output }: DeadLetterSettings, { count, oldestAgeMs }: DeadLettersMeasure): Finding[] {
  if (!output || oldestAgeMs < OVERDUE_MS) return [];
  const found = `${plural(count, 'dead letter')} in Redis, the oldest for ${durationText(oldestAgeMs)}, although they have an output`;
  const advice = 'look for "dead letters could not be sent on" and "the output never takes" in the log of the workers';
  return [warning(`dead letters of ${target}`, found, advice)];
}

function nearLimit(target: string, settings: DeadLetterSettings, measure: DeadLettersMeasure): Finding[] {
  const state = nearestLimit(measure, settings);
  if (!state || state.share < WARNING_SHARE) return [];
  const found = `${Math.round(state.share * 100)} % of sluice.dead_letters.${state.limit} is reached`;
  const advice = 'redrive or remove them, repair their output, or raise the limit: at the limit the target is paused';
  return [(state.share >= 1 ? problem : warning)(`dead letters of ${target}`, found, advice)];
}

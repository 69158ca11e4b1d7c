export { nearestLimit, WARNING_SHARE } from './limits/letter-limits.ts';
export { type DeadLettersOptions, planDeadLetters } from './plan-dead-letters.ts';

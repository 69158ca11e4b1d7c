export { type DeadLettersOptions, planDeadLetters } from './plan-dead-letters.ts';

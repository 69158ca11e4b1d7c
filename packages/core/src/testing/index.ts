export { ManualClock } from './manual-clock.ts';
export { rowsOf } from './rows-of.ts';

import type { DeliveryReport } from '@sluice/testkit/delivery';
import { countText, durationText } from '../terminal/quantities.ts';

export interface RunSummary extends DeliveryReport {
  /** Records that the source stream took in all. */
  readonly stored: number;
  /** Records that the output stream took in all. */
  readonly written: number;
  readonly deadLetters: number;
  /** From the first record fed to the last one that arrived. */
  readonly seconds: number;
}

/** Records that neither arrived nor are kept as dead letters. */
export const missingOf = ({ lost, deadLetters }: Pick<RunSummary, 'lost' | 'deadLetters'>): number => Math.max(0, lost - deadLetters);

/** Records of the source that the local Kinesis has let go of, so that they can no longer be compared. */
const trimmedOf = ({ stored, fed }: RunSummary): number => Math.max(0, stored - fed);

/** Output without a source record; where the source was trimmed, that is to be expected. */
const foreignOf = (summary: RunSummary): number => (trimmedOf(summary) > 0 ? 0 : summary.foreign);

export const isDelivered = (summary: RunSummary): boolean =>
  missingOf(summary) === 0 && summary.outOfOrder === 0 && foreignOf(summary) === 0;

export function renderSummary(summary: RunSummary): string {
  const trimmed = trimmedOf(summary);
  const rows: ReadonlyArray<readonly [string, number | string]> = [
    ['records in', summary.stored],
    ...(trimmed > 0 ? [['compared (older ones have left the local Kinesis)', summary.fed] as const] : []),
    ['records out', summary.written],
    ['lost', missingOf(summary)],
    ['duplicated', summary.duplicated],
    ['out of order per key', summary.outOfOrder],
    ...(foreignOf(summary) > 0 ? [['unknown', summary.foreign] as const] : []),
    ...(summary.deadLetters > 0 ? [['dead letters', summary.deadLetters] as const] : []),
    ['time', durationText(summary.seconds * 1_000)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `${name.padEnd(width)}  ${typeof value === 'number' ? countText(value) : value}\n`).join('');
  return `${table}\n${verdictOf(summary)}\n`;
}

function verdictOf(summary: RunSummary): string {
  if (!isDelivered(summary)) return 'NOT AS PROMISED: records were lost, came out of order, or came from nowhere; see the figures above.';
  const once = summary.duplicated === 0 ? ', once' : '; duplicates are allowed, since a request whose answer was lost is repeated';
  return `Every record arrived in the order of its key${once}.`;
}

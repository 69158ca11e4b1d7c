import type { DeliveryReport } from '@sluice/testkit';

export interface RunSummary extends DeliveryReport {
  /** From the first record fed to the last one confirmed. */
  readonly seconds: number;
  readonly deadLettered: number;
}

export const isDelivered = ({ lost, outOfOrder, foreign }: DeliveryReport): boolean => lost === 0 && outOfOrder === 0 && foreign === 0;

export function renderSummary(summary: RunSummary): string {
  const rows: ReadonlyArray<readonly [string, number | string]> = [
    ['records in', summary.fed],
    ['records out', summary.readBack],
    ['lost', summary.lost],
    ['duplicated', summary.duplicated],
    ['out of order per key', summary.outOfOrder],
    ...(summary.foreign > 0 ? [['unknown', summary.foreign] as const] : []),
    ...(summary.deadLettered > 0 ? [['dead letters', summary.deadLettered] as const] : []),
    ['seconds', summary.seconds.toFixed(1)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows
    .map(([name, value]) => `${name.padEnd(width)}  ${typeof value === 'number' ? value.toLocaleString('en-US') : value}\n`)
    .join('');
}

import type { WriterEvent } from '@sluice/telemetry';
import { expect, it } from 'vitest';
import { BudgetWaits } from './budget-waits.ts';

it('sums the time over the records that wait', () => {
  const events: WriterEvent[] = [];
  let waiting = 0;
  const waits = new BudgetWaits(
    () => waiting,
    (event) => events.push(event),
  );
  waits.look(0);
  waiting = 30;
  waits.look(50);
  waits.look(1_000);
  waits.look(1_099);
  waiting = 0;
  waits.look(1_500);
  waits.look(9_000);
  expect(events).toEqual([{ type: 'budget.awaited', recordSeconds: 15 }]);
});

/** What a scheduler orders in tests: the label of an item is its key and its number. */
import type { Pending, ScheduledRequest } from '../egress-writer/record-scheduler.ts';
import type { Outlet } from '../shard-budget/outlet.ts';

export interface Item extends Pending<number> {
  readonly label: string;
}

export const always = () => true;
export const labelOf = ({ label }: Item) => label;
export const labels = (request: ScheduledRequest<number, Item> | undefined) => request?.items.map(labelOf);

export const item = (label: string, { key = label.replace(/\d+$/, ''), owner = 0, byteSize = 1 } = {}): Item => ({
  label,
  partitionKey: key,
  owner,
  byteSize,
  maxTogether: Number.POSITIVE_INFINITY,
  next: undefined,
});

export class TestOutlet implements Outlet {
  records = 0;
  risky = false;
  refused = 0;

  take(): boolean {
    if (this.records < 1) {
      this.refused++;
      return false;
    }
    this.records--;
    return true;
  }

  isRisky(): boolean {
    return this.risky;
  }
}

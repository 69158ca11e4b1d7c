/** What a scheduler orders in tests: the label of an item is its key and its number. */
import type { Pending } from '../egress-writer/record-scheduler.ts';
import type { Draft } from '../egress-writer/request-draft.ts';
import type { Outlet } from '../shard-budget/outlet.ts';

export interface Item extends Pending<number> {
  readonly label: string;
}

export const always = () => true;
export const labelOf = ({ label }: Item) => label;
export const labels = (request: Draft<Item> | undefined) => request?.items.map(labelOf);

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
  bytes = Number.POSITIVE_INFINITY;
  risky = false;
  refused = 0;

  take(byteSize: number, _nowMs: number, records: 0 | 1 = 1): boolean {
    if (this.records < records || this.bytes < byteSize) {
      this.refused++;
      return false;
    }
    this.records -= records;
    this.bytes -= byteSize;
    return true;
  }

  isRisky(): boolean {
    return this.risky;
  }
}

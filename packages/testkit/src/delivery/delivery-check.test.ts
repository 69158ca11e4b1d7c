import { describe, expect, it } from 'vitest';
import { DeliveryCheck } from './delivery-check.ts';

describe('DeliveryCheck', () => {
  it('is content when everything comes once and in order', () => {
    expect(checked(['a1', 'a2', 'b1'], ['b1', 'a1', 'a2'])).toMatchObject({ lost: 0, duplicated: 0, outOfOrder: 0, foreign: 0 });
  });

  it('counts what is lost', () => {
    expect(checked(['a1', 'a2', 'a3'], ['a1', 'a3'])).toMatchObject({ fed: 3, readBack: 2, lost: 1, outOfOrder: 0 });
  });

  it('counts a repeat as a duplicate, not as disorder', () => {
    expect(checked(['a1', 'a2'], ['a1', 'a2', 'a1', 'a2'])).toMatchObject({ duplicated: 2, outOfOrder: 0, lost: 0 });
  });

  it('counts first occurrences that a later record of their key passed', () => {
    expect(checked(['a1', 'a2', 'b1', 'b2'], ['a2', 'a1', 'b1', 'b2'])).toMatchObject({ outOfOrder: 1, lost: 0 });
  });

  it('tells equal records of a key apart by how often they came', () => {
    expect(checked(['a1', 'a1', 'a2'], ['a1', 'a1', 'a2'])).toMatchObject({ duplicated: 0, lost: 0, outOfOrder: 0 });
    expect(checked(['a1', 'a1', 'a2'], ['a1', 'a2'])).toMatchObject({ lost: 1 });
  });

  it('does not take a duplicate of a record that was fed twice for disorder', () => {
    expect(checked(['a1', 'a2', 'a1', 'a2'], ['a1', 'a1', 'a2', 'a1', 'a2'])).toMatchObject({ outOfOrder: 0, duplicated: 1, lost: 0 });
  });

  it('counts what was never fed', () => {
    expect(checked(['a1'], ['a1', 'a9', 'z1'])).toMatchObject({ foreign: 2 });
  });
});

/** Each record is written as its key's letter and a number. */
function checked(fed: string[], readBack: string[]) {
  const check = new DeliveryCheck();
  const record = (text: string) => ({ partitionKey: text.slice(0, 1), data: Buffer.from(text) });
  for (const text of fed) check.feed(record(text));
  for (const text of readBack) check.readBack(record(text));
  return check.report();
}

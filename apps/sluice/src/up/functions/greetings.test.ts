import { describe, expect, it } from 'vitest';
import { GreetingCheck, renderGreetingReport, visits } from './greetings.ts';

describe('GreetingCheck', () => {
  it('has nothing to report where each visit was greeted with its number', () => {
    expect(reportOf('Ada Grace Ada', 'Ada1 Grace1 Ada2')).toEqual({ expected: 3, missing: 0, repeated: 0, outOfOrder: 0, foreign: 0 });
  });

  it('counts what is missing, repeated, out of order, and greeted without a visit', () => {
    expect(reportOf('Ada Ada Ada', 'Ada1 Ada3')).toMatchObject({ missing: 1, outOfOrder: 0 });
    expect(reportOf('Ada Ada', 'Ada1 Ada1 Ada2 Ada1')).toMatchObject({ missing: 0, repeated: 2, outOfOrder: 0 });
    expect(reportOf('Ada Ada', 'Ada2 Ada1')).toMatchObject({ missing: 0, outOfOrder: 1 });
    expect(reportOf('Ada', 'Ada1 Ada2 Bob1')).toMatchObject({ missing: 0, foreign: 2 });
  });

  it('counts no greeting of a name that was not fed as repeated: it may be of several addresses', () => {
    expect(reportOf('Ada', 'Ada1 Odd1 Odd1 Odd2 Odd1')).toEqual({ expected: 1, missing: 0, repeated: 0, outOfOrder: 0, foreign: 4 });
  });

  it('is printed as one line', () => {
    const report = { expected: 3, missing: 1, repeated: 0, outOfOrder: 0, foreign: 2 };
    expect(renderGreetingReport(report)).toBe(
      '3 visits, 2 greeted with the right count; 1 missing, 0 repeated, 0 out of order, 2 of visits that were not fed (by curl?)\n',
    );
  });
});

it('visits go on without end, a name at a time', async () => {
  const names: string[] = [];
  for await (const { partitionKey } of visits()) {
    names.push(partitionKey);
    if (names.length === 10) break;
  }
  expect(names.slice(8)).toEqual(names.slice(0, 2));
});

/** @param fed names; @param greeted names with the count of the greeting */
function reportOf(fed: string, greeted: string) {
  const check = new GreetingCheck();
  for (const name of fed.split(' ')) check.visited(name);
  for (const text of greeted.split(' ')) check.greeted({ name: text.slice(0, -1), visits: Number(text.slice(-1)), text });
  return check.report();
}

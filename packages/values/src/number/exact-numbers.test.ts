import { cpuMs } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { printAsWritten } from './exact-numbers.ts';

describe('printAsWritten', () => {
  it.each([
    '[0,1,-1,10,1.5,-0.25,0.000001,123456789012345,9007199254740991,17.990000000000002,1e+21,1e-7]',
    '{"date":"2026-03-01","id":"a1e4-77e5","ip":"10.0.0.10","amount":19.95}',
    '{"text":"5e3 1.0 -0"}'.replaceAll(' ', '_'),
    '[-0.5, 100000]',
    '[1234567890.1234567,123456789012345.6]',
  ])('says yes to %s', (text) => {
    expect(printAsWritten(text)).toBe(true);
  });

  it.each([
    '1.0',
    '-0',
    '[-0.0]',
    '[1.50]',
    '{"a":1e3}',
    '{"a":1E3}',
    '{"a":1.5e1}',
    '[ 1e-6]',
    '[0.0000001]',
    '[1,9007199254740993]',
    '[12345678901234567890]',
    `[${'1'.repeat(500)}]`,
    `[0.${'1'.repeat(500)}]`,
    '[1234567890.12345678]',
    '[1234567890123456.78]',
    '[\n-0\n]',
    '{"a":1,"b":2.0}',
    '[1.5,2.00001e1]',
  ])('says no to %s', (text) => {
    expect(printAsWritten(text)).toBe(false);
  });

  it('finds each such number at any place of a text', () => {
    for (const number of ['1.0', '1e3', '9007199254740993', '-0', '0.0000001']) {
      for (let before = 0; before < 40; before++) expect(printAsWritten(`{"a":"${'x'.repeat(before)}","n":${number}}`)).toBe(false);
    }
  });

  it('takes time in proportion to the text, whatever it holds', () => {
    for (const piece of ['1.', '1e', '-0', '1', '.', '1e1.']) {
      expect(cpuMs(() => printAsWritten(`["${piece.repeat(1_000_000 / piece.length)}"]`))).toBeLessThan(1_000);
    }
  });
});

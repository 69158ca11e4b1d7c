import { describe, expect, it, vi } from 'vitest';
import { parseMapping } from '../../parse.ts';
import { FAKE_VALUES } from './fake-values.ts';

const MESSAGE = { content: Buffer.from('{}'), metadata: {} };

const evaluate = (mapping: string, times = 1): string[] => {
  const parsed = parseMapping(mapping);
  return Array.from({ length: times }, () => {
    const outcome = parsed.map([MESSAGE], 0);
    return outcome.kind === 'mapped' ? Buffer.from(outcome.message.content).toString() : JSON.stringify(outcome);
  });
};

describe('ulid', () => {
  it('begins with the time', () => {
    vi.useFakeTimers({ now: 1469918176385, toFake: ['Date'] });
    try {
      expect(evaluate('root = ulid()')[0]).toMatch(/^01ARYZ6S41[0-9A-HJKMNP-TV-Z]{16}$/);
      expect(evaluate('root = ulid("hex")')[0]).toMatch(/^01563df36481[0-9a-f]{20}$/);
    } finally {
      vi.useRealTimers();
    }
  });

  it('gives another one each time', () => {
    expect(new Set(evaluate('root = ulid(random_source: "fast_random")', 100)).size).toBe(100);
  });

  it.each([
    ['ulid("base64")', 'invalid ulid encoding: base64'],
    ['ulid("hex", "dice")', 'invalid randomness source: dice'],
  ])('%s is refused while parsing', (query, message) => {
    expect(() => parseMapping(`root = ${query}`)).toThrow(message);
  });
});

describe('snowflake_id', () => {
  it('grows, and never gives a number twice, even from two places or when the clock goes back', () => {
    vi.useFakeTimers({ now: Date.now() + 60_000, toFake: ['Date'] });
    try {
      const ids = evaluate('root = snowflake_id(7) + " " + snowflake_id(7)', 3_000).flatMap((pair) => pair.split(' '));
      vi.setSystemTime(Date.now() - 30_000);
      ids.push(...evaluate('root = snowflake_id(7)'));
      const numbers = ids.map(BigInt);
      expect(new Set(ids).size).toBe(6_001);
      expect(numbers.every((number, index) => index === 0 || number > numbers[index - 1]!)).toBe(true);
    } finally {
      vi.useRealTimers();
    }
  });

  it('holds the time and the node', () => {
    const id = BigInt(evaluate('root = snowflake_id(1023)')[0]!);
    expect((id >> 12n) & 1023n).toBe(1023n);
    expect(Math.abs(Number(id >> 22n) + 1288834974657 - Date.now())).toBeLessThan(120_000);
  });

  it('refuses a node that there cannot be', () => {
    expect(() => parseMapping('root = snowflake_id(1024)')).toThrow('Node number must be between 0 and 1023');
  });
});

describe('fake', () => {
  it.each([...FAKE_VALUES.keys()])('makes up %j', (name) => {
    expect(evaluate(`root = fake("${name}")`)[0]).toMatch(/\S/);
  });

  it.each([
    ['date', /^\d{4}-\d\d-\d\d$/],
    ['time_string', /^\d\d:\d\d:\d\d$/],
    ['timestamp', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/],
    ['unix_time', /^\d+$/],
    ['latitude', /^-?\d+(\.\d+)?$/],
    ['email', /^\S+@\S+\.\S+$/],
    ['IPv4', /^\d+\.\d+\.\d+\.\d+$/],
    ['jwt', /^[\w-]+\.[\w-]+\.[\w-]+$/],
    ['cc_number', /^\d{12,19}$/],
    ['chinese_name', /^\p{Script=Han}+$/u],
    ['e164_phone_number', /^\+[1-9]\d{11}$/],
    ['uuid_digit', /^[0-9a-f]{32}$/],
  ])('gives %s its form', (name, form) => {
    for (const value of evaluate(`root = fake("${name}")`, 20)) expect(value).toMatch(form);
  });

  it('fails for what it cannot make up when it is asked', () => {
    expect(evaluate('root = fake("nose").catch(err -> err)')).toEqual(['invalid faker function: nose']);
  });
});

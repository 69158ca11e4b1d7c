import { type Logger, silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { mappingOf, run, step, text, told } from './testing/chain.ts';

const loop = (check: string, processors: ReturnType<typeof step>[], options: object = {}) =>
  step('while', { check: text(check), processors, max_loops: 0, at_least_once: false, ...options });
const add = mappingOf('root.n = this.n + 1');

describe('while', () => {
  it('runs over the batch for as long as the check is true of its first message', () => {
    expect(told([loop('this.n < 3', [add])], ['{"n":0}', '{"n":5}'])).toEqual(['{"n":3} <- 0', '{"n":8} <- 1']);
    expect(told([loop('false', [add])], ['{"n":0}'])).toEqual(['{"n":0} <- 0']);
  });

  it('runs at most so many times, and once before the first check where it is asked to', () => {
    expect(told([loop('true', [add], { max_loops: 2 })], ['{"n":0}'])).toEqual(['{"n":2} <- 0']);
    expect(told([loop('false', [add], { at_least_once: true })], ['{"n":0}'])).toEqual(['{"n":1} <- 0']);
  });

  it('ends where nothing is left', () => {
    expect(told([loop('true', [mappingOf('root = deleted()')])], ['a'])).toEqual([]);
  });

  it('ends, with a log line and no flag, where the check fails', () => {
    const lines: string[] = [];
    const logger: Logger = { ...silentLogger, error: (line) => lines.push(line) };
    expect(told([loop('this.n.uppercase() == "A"', [add])], ['{"n":0}'], { logger })).toEqual(['{"n":0} <- 0']);
    expect(lines).toEqual([expect.stringContaining('Query failed for loop: failed assignment')]);
  });

  it('flags what would never stop', () => {
    expect(told([loop('true', [step('noop')])], ['a'])).toEqual(['a <- 0 ! expected an end within 100000 loops; set `max_loops`']);
  });

  it('needs a check', () => {
    expect(() => run([loop('', [add])], ['a'])).toThrow('a check query is required');
  });
});

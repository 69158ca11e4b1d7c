import type { Logger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { mappingOf, messageOf, run, step, text, told } from './testing/chain.ts';

const lines = step('archive', { format: 'lines' });

describe('split', () => {
  it.each([
    [{ size: 2, byte_size: 0 }, ['aa\nb <- 0,1', 'cc\nd <- 2,3', 'e <- 4']],
    [{ size: 0, byte_size: 3 }, ['aa\nb <- 0,1', 'cc\nd <- 2,3', 'e <- 4']],
    [{ size: 0, byte_size: 1 }, ['aa <- 0', 'b <- 1', 'cc <- 2', 'd <- 3', 'e <- 4']],
    [{ size: 4, byte_size: 3 }, ['aa\nb <- 0,1', 'cc\nd <- 2,3', 'e <- 4']],
    [{ size: 0, byte_size: 0 }, ['aa\nb\ncc\nd\ne <- 0,1,2,3,4']],
  ])('%j', (options, expected) => {
    expect(told([step('split', options), lines], ['aa', 'b', 'cc', 'd', 'e'])).toEqual(expected);
  });
});

describe('group_by_value', () => {
  it('makes a batch for each value; a message without one is flagged and has the value ""', () => {
    expect(told([step('group_by_value', { value: text('${! json("k") }') }), lines], ['{"k":2}', '{"k":1}', 'x', '{"k":2}'])).toEqual([
      '{"k":2}\n{"k":2} <- 0,3',
      '{"k":1} <- 1',
      expect.stringMatching(/^x <- 2/),
    ]);
    expect(run([step('group_by_value', { value: text('${! json("k") }') })], ['x'])[0]?.message.failure?.name).toBe('group_by_value');
  });
});

describe('group_by', () => {
  it('makes a batch for each check, through its processors, and one of the others', () => {
    const groups = [
      { check: text('content() == "a"'), processors: [lines] },
      { check: text('content().number() > 1'), processors: [mappingOf('root = "many"')] },
    ];
    expect(told([step('group_by', { groups })], ['x', 'a', '2', 'a', '1'])).toEqual(['a\na <- 1,3', 'many <- 2', 'x <- 0', '1 <- 4']);
  });
});

describe('selection', () => {
  it('inserts a part with metadata and flag of the first, and none where its text fails', () => {
    const first = { ...messageOf('a', { k: 'v' }), failure: { message: 'before' } };
    const inserted = (content: string) => run([step('insert_part', { index: -1, content: text(content) })], [first, 'b']);
    expect(inserted('new').at(-1)).toEqual({ message: { ...first, content: Buffer.from('new') }, sources: [0, 1] });
    expect(inserted('${! json("a") }')).toHaveLength(2);
  });

  it('keeps the parts named', () => {
    expect(told([step('select_parts', { parts: [0, -1, 7] })], ['a', 'b', 'c'])).toEqual(['a <- 0', 'c <- 2']);
  });

  it.each([
    [0, ['2 <- 0,1', 'a <- 0', 'b <- 1']],
    [-1, ['a <- 0', 'b <- 1', '2 <- 0,1']],
    [-2, ['a <- 0', '2 <- 0,1', 'b <- 1']],
    [-9, ['2 <- 0,1', 'a <- 0', 'b <- 1']],
    [9, ['a <- 0', 'b <- 1', '2 <- 0,1']],
  ])('inserts a part at %i that stands for the whole batch', (index, expected) => {
    expect(told([step('insert_part', { index, content: text('${! batch_size() }') })], ['a', 'b'])).toEqual(expected);
  });

  it.each([
    [['ab'], true],
    [['abcd'], false],
    [['a'], false],
    [['ab', 'ab', 'ab'], false],
  ])('keeps %j within bounds: %s', (batch, isKept) => {
    const bounds = { max_part_size: 3, min_part_size: 2, max_parts: 2, min_parts: 1 };
    expect(run([step('bounds_check', bounds)], batch)).toHaveLength(isKept ? batch.length : 0);
  });
});

describe('log', () => {
  it('writes a line for each message and lets it pass', () => {
    const lines: unknown[] = [];
    const write = (level: string, facts: object) => (message: string, more?: object) => lines.push([level, message, { ...facts, ...more }]);
    const loggerOf = (facts: object): Logger => ({
      debug: write('debug', facts),
      info: write('info', facts),
      warn: write('warn', facts),
      error: write('error', facts),
      child: (more) => loggerOf({ ...facts, ...more }),
    });
    const options = {
      level: 'WARN',
      message: text('got ${! content() }'),
      fields: { key: text('${! @k }'), key2: text('static') },
      fields_mapping: text('root.index = batch_index()\nroot.key = "from the mapping"'),
    };
    expect(told([step('log', options)], [messageOf('a', { k: 'v' })], { logger: loggerOf({}) })).toEqual(['a <- 0']);
    expect(lines).toEqual([['warn', 'got a', { path: 'root.log', key: 'v', key2: 'static', index: 0 }]]);
  });

  it.each([
    [{ message: text('${! json("a") }') }, /^Message interpolation error: invalid character/],
    [{ fields: { f: text('${! json("a") }') } }, /^Field f interpolation error: invalid character/],
    [{ fields_mapping: text('root.a = throw("no")') }, /^Failed to execute fields mapping: failed assignment \(line 1\): no$/],
    [{ fields_mapping: text('root = "x"') }, /^Failed to extract fields object: invalid character 'x'/],
    [{ fields_mapping: text('root = 5') }, /^Failed to extract fields object: expected an object, found number$/],
  ])('writes what failed instead of the line: %j', (options, reason) => {
    const lines: string[] = [];
    const logger = { child: () => ({ error: (message: string) => lines.push(message) }) } as unknown as Logger;
    expect(told([step('log', { level: 'INFO', message: text('m'), ...options })], ['no'], { logger })).toEqual(['no <- 0']);
    expect(lines).toEqual([expect.stringMatching(reason)]);
  });
});

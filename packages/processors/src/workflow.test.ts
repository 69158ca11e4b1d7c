import { describe, expect, it } from 'vitest';
import { mappingOf, run, step, text, told } from './testing/chain.ts';

interface BranchText {
  readonly request?: string;
  readonly does?: string;
  readonly result: string;
}

const workflow = (branches: Readonly<Record<string, BranchText>>, options: object = {}) =>
  step('workflow', {
    meta_path: 'meta.workflow',
    order: [],
    ...options,
    branches: Object.entries(branches).map(([name, { request, does, result }]) => ({
      name,
      branch: step('branch', {
        request_map: request === undefined ? undefined : text(request),
        processors: [does === undefined ? step('noop') : mappingOf(does)],
        result_map: text(result),
      }),
    })),
  });

const one = (steps: Parameters<typeof told>[0], document: string): unknown => {
  const [line, ...others] = told(steps, [document]);
  expect(others).toEqual([]);
  return JSON.parse(line!.replace(/ <- 0$/, ''));
};

describe('workflow', () => {
  it('runs each branch after those that write what it reads', () => {
    const steps = [
      workflow({
        a: { request: 'root = this.b', does: 'root = this + 1', result: 'root.a = this' },
        b: { request: 'root = this.x', does: 'root = this * 10', result: 'root.b = this' },
      }),
    ];
    expect(one(steps, '{"x":1}')).toEqual({ a: 11, b: 10, meta: { workflow: { succeeded: ['a', 'b'] } }, x: 1 });
  });

  it('runs them in the order that is configured; those of a tier read what was there before it', () => {
    const branches = {
      a: { request: 'root = this.n', result: 'root.n = this + 1' },
      b: { request: 'root = this.n', result: 'root.n = this + 10' },
    };
    expect(one([workflow(branches, { order: [['a', 'b']] })], '{"n":0}')).toMatchObject({ n: 10 });
    expect(one([workflow(branches, { order: [['b'], ['a']] })], '{"n":0}')).toMatchObject({ n: 11 });
  });

  it('tells in the record what was skipped and what failed, and flags nothing', () => {
    const steps = [
      workflow({
        bad: { does: 'root = throw("no")', result: 'root.bad = 1' },
        idle: { request: 'root = deleted()', result: 'root.idle = 1' },
      }),
    ];
    expect(one(steps, '{"x":1}')).toEqual({
      meta: { workflow: { failed: { bad: 'processors failed: failed assignment (line 1): no' }, skipped: ['idle'] } },
      x: 1,
    });
  });

  it('leaves out what an earlier run did, and keeps what that one told', () => {
    const steps = [workflow({ a: { result: 'root.a = 1' }, b: { result: 'root.b = 1' } })];
    const before = { succeeded: ['a'], failed: { b: 'earlier' } };
    expect(one(steps, JSON.stringify({ meta: { workflow: before } }))).toEqual({
      b: 1,
      meta: { workflow: { previous: before, skipped: ['a'], succeeded: ['b'] } },
    });
    expect(one(steps, '{"meta":{"workflow":{"apply":["b"]}}}')).toMatchObject({ b: 1, meta: { workflow: { skipped: ['a'] } } });
  });

  it('flags a record where it cannot be told what failed', () => {
    const failing = { a: { does: 'root = throw("x")', result: 'root.a = 1' } };
    expect(told([workflow(failing, { meta_path: '' })], ['{}'])).toEqual(['{} <- 0 ! workflow branches failed: [a]']);
    expect(told([workflow(failing)], ['[1]'])).toEqual(['[1] <- 0 ! workflow branches failed: [a]']);
    expect(told([workflow({ a: { result: 'meta a = 1' } })], ['no'])).toEqual([expect.stringMatching(/^no <- 0 ! invalid character 'o'/)]);
  });

  it.each([
    [{ order: [['a'], ['a']] }, 'branch specified in order listed multiple times: a'],
    [{ order: [['a']] }, 'the following branches were missing from order: [b]'],
    [{ order: [['a', 'b', 'c']] }, "processor resource 'c' was not found"],
    [{}, 'the branches need each other in a circle; name the `order`'],
  ])('refuses %j', (options, reason) => {
    const branches = {
      a: { request: 'root = this.b', result: 'root.a = this' },
      b: { request: 'root = this.a.x', result: 'root.b = this' },
    };
    expect(() => run([workflow(branches, options)], ['{}'])).toThrow(reason);
  });

  it('refuses a name with other characters', () => {
    expect(() => run([workflow({ 'a b': { result: '' } })], ['{}'])).toThrow("workflow branch name 'a b' contains invalid characters");
  });
});

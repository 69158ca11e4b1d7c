import { describe, expect, it } from 'vitest';
import { mappingOf, messageOf, run, step, text, told } from './testing/chain.ts';

const branch = (processors: ReturnType<typeof step>[], maps: { request?: string; result?: string } = {}) =>
  step('branch', {
    request_map: maps.request === undefined ? undefined : text(maps.request),
    processors,
    result_map: maps.result === undefined ? undefined : text(maps.result),
  });
const double = mappingOf('root = this * 2');

describe('branch', () => {
  it('edits each message by the result of a request made from it', () => {
    const steps = [branch([double], { request: 'root = this.n', result: 'root.twice = this' })];
    expect(told(steps, ['{"n":1}', '{"n":2}'])).toEqual(['{"n":1,"twice":2} <- 0', '{"n":2,"twice":4} <- 1']);
  });

  it('lets nothing back without a result map', () => {
    expect(run([branch([mappingOf('root = "x"\nmeta k = "y"')])], [messageOf('a', { k: 'v' })])).toEqual([
      { message: messageOf('a', { k: 'v' }), sources: [0] },
    ]);
  });

  it('begins a request without content, and with the metadata of the message', () => {
    const [result] = run(
      [branch([mappingOf('root = {"length": content().length(), "k": @k}')], { request: 'meta x = 1', result: 'root = this' })],
      [messageOf('{"a":1}', { k: 'v' })],
    );
    expect(Buffer.from(result!.message.content).toString()).toBe('{"k":"v","length":0}');
    expect(result!.message.metadata).toEqual({ k: 'v' });
  });

  it('reads content and metadata of the result, and `@` of the message itself', () => {
    const [result] = run(
      [branch([mappingOf('meta k = "inner"')], { result: 'root.seen = [@k, meta("k")]\nmeta took = meta("k")' })],
      [messageOf('{}', { k: 'outer' })],
    );
    expect(Buffer.from(result!.message.content).toString()).toBe('{"seen":["outer","inner"]}');
    expect(result!.message.metadata).toEqual({ k: 'outer', took: 'inner' });
  });

  it('skips a message whose request is deleted; the others keep their places', () => {
    const steps = [branch([double], { request: 'root = if this.n == 1 { deleted() } else { this.n }', result: 'root.twice = this' })];
    expect(told(steps, ['{"n":1}', '{"n":2}'])).toEqual(['{"n":1} <- 0', '{"n":2,"twice":4} <- 1']);
  });

  it('says which of its steps failed, for that message alone', () => {
    const steps = [branch([double], { request: 'root = this.n.not_null()', result: 'root.twice = this.number()' })];
    expect(told(steps, ['{}', '{"n":"x"}', '{"n":2}'])).toEqual([
      expect.stringMatching(/^\{\} <- 0 ! request mapping failed: failed assignment/),
      expect.stringMatching(/^\{"n":"x"\} <- 1 ! processors failed: failed assignment/),
      '{"n":2,"twice":4} <- 2',
    ]);
    expect(told([branch([step('noop')], { result: 'root.a = 1\nroot.b = throw("late")' })], ['{}'])).toEqual([
      '{"a":1} <- 0 ! result mapping failed: failed assignment (line 2): late',
    ]);
  });

  it('flags the whole batch where its processors change the number of messages', () => {
    expect(told([branch([step('archive', { format: 'lines' })])], ['a', 'b'])).toEqual([
      'a <- 0 ! message count from branch processors does not match request, started with 1 messages, finished with 2',
      'b <- 1 ! message count from branch processors does not match request, started with 1 messages, finished with 2',
    ]);
    expect(told([branch([mappingOf('root = deleted()')])], ['a'])).toEqual(['a <- 0 ! child processors resulted in zero messages']);
  });

  it('takes a flag from before off inside, and leaves it on afterwards', () => {
    const steps = [mappingOf('root = throw("before")'), branch([mappingOf('root = errored()')], { result: 'root = content()' })];
    expect(told(steps, ['a'])).toEqual(['false <- 0 ! failed assignment (line 1): before']);
  });

  it('needs a processor', () => {
    expect(() => run([branch([])], ['a'])).toThrow('the branch processor requires at least one child processor');
  });
});

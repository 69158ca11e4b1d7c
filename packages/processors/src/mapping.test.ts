import { describe, expect, it } from 'vitest';
import { mappingOf, messageOf, run, step, text, told } from './testing/chain.ts';

describe('mapping', () => {
  it('makes a new message of each, leaving out those it deletes', () => {
    expect(told([mappingOf('root = if this.n == 2 { deleted() } else { {"m": this.n} }')], ['{"n":1}', '{"n":2}', '{"n":3}'])).toEqual([
      '{"m":1} <- 0',
      '{"m":3} <- 2',
    ]);
  });

  it('sees the batch as it was before it ran', () => {
    expect(told([mappingOf('root = [batch_index(), batch_size(), content().from(0).string()]')], ['a', 'b'])).toEqual([
      '[0,2,"a"] <- 0',
      '[1,2,"a"] <- 1',
    ]);
  });

  it('flags a message that fails and lets it pass unchanged', () => {
    const [first, second] = run([{ ...mappingOf('root.a = this.n.uppercase()'), label: 'shout' }], ['{"n":1}', '{"n":"x"}']);
    expect(first).toEqual({
      message: {
        ...messageOf('{"n":1}'),
        failure: {
          message: expect.stringContaining('failed assignment (line 1)'),
          name: 'mapping',
          label: 'shout',
          path: 'mapping',
          at: 'root.mapping',
        },
      },
      sources: [0],
    });
    expect(second?.message.failure).toBeUndefined();
  });

  it('flags a message whose document JSON cannot say, which leaves it empty', () => {
    const [message] = run([mappingOf('root.a = 2.pow(5000)')], ['{"n":1}']);
    expect(message?.message.content).toHaveLength(0);
    expect(message?.message.failure).toMatchObject({ message: 'json: unsupported value: +Inf', name: 'mapping' });
  });

  it('goes by the name of `bloblang` too', () => {
    expect(told([step('bloblang', { mapping: text('meta a = "b"') })], ['x'])).toEqual(['x <- 0']);
  });
});

describe('mutation', () => {
  it('changes each message in place', () => {
    expect(told([step('mutation', { mapping: text('root.m = this.n') })], ['{"n":1}'])).toEqual(['{"m":1,"n":1} <- 0']);
  });
});

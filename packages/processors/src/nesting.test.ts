import { describe, expect, it } from 'vitest';
import { mappingOf, messageOf, run, step, text, told } from './testing/chain.ts';

const shout = mappingOf('root = content().string() + "!"');
const failOn = (content: string) => mappingOf(`root = if content() == "${content}" { throw("bad") } else { content() }`);
const lines = step('archive', { format: 'lines' });
const only = (type: string, ...processors: ReturnType<typeof step>[]) => step(type, { processors });

describe('for_each', () => {
  it('runs over each message as a batch of its own', () => {
    expect(told([only('for_each', mappingOf('root = batch_size()'), lines)], ['a', 'b'])).toEqual(['1 <- 0', '1 <- 1']);
  });
});

describe('processors', () => {
  it('runs over the whole batch', () => {
    expect(told([only('processors', shout, lines)], ['a', 'b'])).toEqual(['a!\nb! <- 0,1']);
  });
});

describe('try', () => {
  it('skips what is left for a message that failed, before or inside', () => {
    const steps = [failOn('a'), only('try', shout, failOn('b!'), shout)];
    expect(told(steps, ['a', 'b', 'c'])).toEqual([
      expect.stringMatching(/^a <- 0 ! .*bad$/),
      expect.stringMatching(/^b! <- 1 ! .*bad$/),
      'c!! <- 2',
    ]);
  });
});

describe('catch', () => {
  it('runs over failed messages only and clears what they failed with', () => {
    const steps = [failOn('b'), only('catch', mappingOf('root = error() + " at " + error_source_path()'))];
    expect(told(steps, ['a', 'b'])).toEqual(['a <- 0', expect.stringMatching(/^failed assignment .*bad at mapping <- 1$/)]);
    expect(run([failOn('b'), only('catch')], ['b'])).toEqual([{ message: messageOf('b'), sources: [0] }]);
  });
});

describe('try_catch', () => {
  const tryCatch = step('try_catch', {
    processors: [failOn('b'), shout],
    catch: [mappingOf('root = [@why.what, @why.name, error()]')],
    error_metadata: 'why',
  });

  it('runs `catch` over what failed, before or inside, with the error in its metadata and no flag', () => {
    expect(told([failOn('c'), tryCatch], ['a', 'b', 'c'])).toEqual([
      'a! <- 0',
      '["failed assignment (line 1): bad","mapping",null] <- 1',
      '["failed assignment (line 1): bad","mapping",null] <- 2',
    ]);
  });

  it('flags what fails in `catch`, which skips the rest of it', () => {
    const steps = [step('try_catch', { processors: [failOn('a')], catch: [mappingOf('root = throw("again")'), shout] })];
    expect(told(steps, ['a'])).toEqual(['a <- 0 ! failed assignment (line 1): again']);
  });
});

describe('parallel', () => {
  it('runs over each message as a batch of its own', () => {
    expect(told([only('parallel', mappingOf('root = batch_size()'))], ['a', 'b'])).toEqual(['1 <- 0', '1 <- 1']);
  });
});

describe('where failed messages are refused', () => {
  const strict = { refusesFailed: true };

  it('every processor lets a batch pass whose first message has failed', () => {
    expect(told([failOn('a'), shout, step('archive', { format: 'lines' })], ['a', 'b'], strict)).toEqual([
      'a <- 0 ! failed assignment (line 1): bad',
      'b <- 1',
    ]);
  });

  it('`catch` recovers what does not come first, `try_catch` all', () => {
    const caught = only('catch', mappingOf('root = "fixed"'), shout);
    expect(told([failOn('b'), caught], ['a', 'b'], strict)).toEqual(['a <- 0', 'fixed! <- 1']);
    expect(told([failOn('b'), caught], ['b', 'a'], strict)).toEqual(['b <- 0 ! failed assignment (line 1): bad', 'a <- 1']);
    const steps = [step('try_catch', { processors: [failOn('b')], catch: [mappingOf('root = "fixed"'), shout] })];
    expect(told(steps, ['b'], strict)).toEqual(['fixed! <- 0']);
  });
});

describe('switch', () => {
  const caseOf = (check: string | null, processors: ReturnType<typeof step>[], fallthrough = false) => ({
    check: check === null ? null : text(check),
    fallthrough,
    continue: false,
    processors,
  });

  it('has later cases look at the result where it continues', () => {
    const cases = [{ ...caseOf('content() == "a"', [shout]), continue: true }, caseOf('content() == "a!"', [shout])];
    expect(told([step('switch', { cases })], ['a', 'b'])).toEqual(['a!! <- 0', 'b <- 1']);
  });

  it('takes the first case that matches, and keeps the order of the batch', () => {
    const cases = [caseOf('content() == "b"', [shout]), caseOf('content() != "d"', [mappingOf('root = batch_size()')])];
    expect(told([step('switch', { cases })], ['a', 'b', 'c', 'd'])).toEqual(['2 <- 0', 'b! <- 1', '2 <- 2', 'd <- 3']);
  });

  it('goes on with the next case, whatever its check, after a fallthrough', () => {
    const cases = [
      caseOf('content() == "a"', [shout], true),
      caseOf('content() == "x"', [shout]),
      caseOf(null, [mappingOf('root = "else"')]),
    ];
    expect(told([step('switch', { cases })], ['a', 'b'])).toEqual(['a!! <- 0', 'else <- 1']);
    expect(told([step('switch', { cases: [caseOf(null, [shout], true)] })], ['a'])).toEqual(['a! <- 0']);
  });

  it('flags a message whose check fails, and lets it pass', () => {
    const cases = [caseOf('content().uppercase().number() > 1', [shout]), caseOf(null, [mappingOf('root = "else"')])];
    expect(told([step('switch', { cases })], ['2', 'b', '1'])).toEqual(['2! <- 0', expect.stringMatching(/^b <- 1 ! /), 'else <- 2']);
  });

  it('knows what its archives stand for, and what was dropped', () => {
    const cases = [caseOf('content() == "x"', [mappingOf('root = deleted()')]), caseOf('content() != "b"', [lines])];
    const steps = [step('unarchive', { format: 'lines' }), step('switch', { cases })];
    expect(told(steps, ['a\nb', 'x', 'c\nb'])).toEqual(['a\nc <- 0,2', 'b <- 0', 'b <- 2']);
  });
});

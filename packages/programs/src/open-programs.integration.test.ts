import { type Logger, silentLogger, systemClock } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import type { ConversationSettings } from '@sluice/processors';
import { describe, expect, it } from 'vitest';
import { openPrograms, type ProgramsSettings } from './open-programs.ts';

describe('programs', () => {
  it('run to their end: input, arguments as they are, output and standard error', async () => {
    const programs = programsOf();
    const script = 'cat; printf "%s|" "$@"; echo warned >&2';
    await expect(run(programs, ['sh', '-c', script, 'sh', 'a b', '$HOME;'], 'in ')).resolves.toEqual({
      output: 'in a b|$HOME;|',
      errorOutput: 'warned\n',
    });
    await expect(run(programs, ['cat'], 'x'.repeat(300_000))).resolves.toMatchObject({ output: 'x'.repeat(300_000) });
  });

  it('say how they failed', async () => {
    const programs = programsOf();
    await expect(run(programs, ['sh', '-c', 'echo why >&2; exit 3'])).resolves.toEqual({
      problem: 'execution error: exit status 3: why\n',
    });
    await expect(run(programs, ['sh', '-c', 'kill -9 $$'])).resolves.toEqual({ problem: 'execution error: signal: SIGKILL: ' });
    await expect(run(programs, ['no-such-program'])).resolves.toEqual({
      problem: 'execution error: exec: "no-such-program": executable file not found',
    });
    await expect(run(programs, ['cat', 'a\0b'])).resolves.toMatchObject({ problem: expect.stringContaining('ERR_INVALID_ARG_VALUE') });
  });

  it('run where they are allowed only', async () => {
    const programs = programsOf({ allowed: ['cat'] });
    expect([programs.refusal('cat'), programs.refusal(undefined)]).toEqual([undefined, undefined]);
    expect(programs.refusal('sh')).toBe(
      'running the program `sh` is not allowed; name what may run in `sluice.commands.allowed` (SLUICE_COMMANDS_ALLOWED)',
    );
    await expect(run(programs, ['sh', '-c', 'echo x'])).resolves.toEqual({ problem: programs.refusal('sh') });
    expect(programsOf({ allowed: [] }).refusal(undefined)).toMatch(/^running programs is not allowed/);
  });

  it('end with what they started when they take too long or write too much', async () => {
    const clock = new ManualClock();
    const late = run(openPrograms(settingsOf({ timeoutMs: 50 }), { clock, logger: silentLogger }), ['sh', '-c', 'sleep 1000 & sleep 1000']);
    clock.advance(50);
    await expect(late).resolves.toEqual({ problem: 'execution error: expected an end within 50 ms, found it running: ' });
    await expect(run(programsOf({ maxOutputBytes: 1_000 }), ['sh', '-c', 'yes'])).resolves.toEqual({
      problem: 'execution error: expected at most 1000 bytes of output, found more: ',
    });
  });

  it('end when nobody wants their output any more', async () => {
    const stop = new AbortController();
    const given = run(programsOf(), ['sleep', '1000'], '', stop.signal);
    stop.abort(new Error('given up'));
    await expect(given).rejects.toThrow('given up');
  });
});

describe('a program that stays', () => {
  it('is started once, and answers one message after the other', async () => {
    await using talk = talkTo('n=0; while read line; do n=$((n+1)); echo "$n $line"; done');
    await expect(Promise.all([talk.ask('a'), talk.ask('b\nc\n'), talk.ask('d')])).resolves.toEqual(['1 a', '2 b\n3 c\n', '4 d']);
  });

  it.each(['netstring', 'length_prefixed_uint32_be'] as const)('speaks %s', async (codec) => {
    await using talk = talkTo('exec cat', { send: codec, receive: codec });
    await expect(talk.ask('a\nb')).resolves.toBe('a\nb');
    await expect(talk.ask('')).resolves.toBe('');
  });

  it('fails a message by what it writes to standard error', async () => {
    const clock = new ManualClock();
    await using talk = talkTo('while read line; do [ "$line" = bad ] && printf "no\\n" >&2 || echo "$line"; done', { clock });
    const bad = talk.ask('bad');
    await expect.poll(() => clock.pendingTimers).toBe(2);
    clock.advance(1_000);
    await expect(bad).resolves.toEqual({ problem: 'no' });
    await expect(talk.ask('good')).resolves.toBe('good');
  });

  it('starts anew after its end', async () => {
    const warnings: string[] = [];
    await using talk = talkTo('read line; [ "$line" = bad ] && { echo dying >&2; exit 7; }; [ "$line" = mute ] && exit 0; echo "$line"', {
      logger: { ...silentLogger, warn: (message: string) => void warnings.push(message) },
    });
    await expect(talk.ask('one')).resolves.toBe('one');
    await expect.poll(() => warnings).toEqual(['a program has ended; the next message starts it again']);
    await expect(talk.ask('bad')).resolves.toEqual({ problem: 'dying' });
    await expect.poll(() => warnings.length).toBe(2);
    await expect(talk.ask('mute')).resolves.toEqual({ problem: 'the program `sh` ended before it answered: exit status 0' });
    await expect.poll(() => warnings.length).toBe(3);
    await expect(talk.ask('two')).resolves.toBe('two');
  });

  it('is ended, and started anew, when an answer is late or too large, and never gives one message the answer of another', async () => {
    const clock = new ManualClock();
    await using talk = talkTo('while read line; do case "$line" in late) sleep 1000;; large) echo 0123456789;; esac; echo "$line"; done', {
      clock,
      maxAnswerBytes: 8,
    });
    const late = talk.ask('late');
    await expect.poll(() => clock.pendingTimers).toBe(1);
    clock.advance(100_000);
    await expect(late).resolves.toEqual({ problem: 'expected an answer of `sh` within 100000 ms, found none' });
    await expect(talk.ask('large')).resolves.toEqual({ problem: 'expected an answer of at most 8 bytes (`max_buffer`), found 10' });
    await expect(talk.ask('next')).resolves.toBe('next');
  });

  it('is ended when its answer is not wanted any more', async () => {
    await using talk = talkTo('while read line; do [ "$line" = late ] && sleep 1000; echo "$line"; done');
    const stop = new AbortController();
    const late = talk.ask('late', stop.signal);
    const behind = talk.ask('x', stop.signal);
    stop.abort(new Error('given up'));
    await expect(late).rejects.toThrow('given up');
    await expect(behind).rejects.toThrow('given up');
    await expect(talk.ask('next')).resolves.toBe('next');
  });

  it('that cannot be started fails each message', async () => {
    const programs = programsOf();
    const talk = programs.open({ ...CAT, name: 'no-such-program' });
    for (const _ of [1, 2])
      await expect(talk.ask(Buffer.from('x'), NEVER)).resolves.toEqual({ problem: 'exec: "no-such-program": executable file not found' });
  });

  it('ends with its processor, also when it does not read its input, and comes back where it is needed again', async () => {
    const clock = new ManualClock();
    const programs = openPrograms(settingsOf(), { clock, logger: silentLogger });
    const talk = programs.open({ ...CAT, name: 'sh', args: ['-c', 'read line; echo $$; sleep 1000'] });
    const pidOf = async () => Number(((await talk.ask(Buffer.from('x'), NEVER)) as { answer: Buffer }).answer);
    const pid = await pidOf();
    const closed = programs.close();
    clock.advance(1_000);
    await closed;
    expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    expect(await pidOf()).not.toBe(pid);
    const again = programs.close();
    clock.advance(1_000);
    await again;
  });
});

const NEVER = new AbortController().signal;
const CAT: ConversationSettings = { name: 'cat', args: [], maxAnswerBytes: 65_536, send: 'lines', receive: 'lines' };

const settingsOf = (changes: Partial<ProgramsSettings> = {}): ProgramsSettings => ({
  ...{ allowed: ['*'], timeoutMs: 100_000, maxOutputBytes: 1_000_000 },
  ...changes,
});

const programsOf = (changes?: Partial<ProgramsSettings>) => openPrograms(settingsOf(changes), { clock: systemClock, logger: silentLogger });

async function run(programs: ReturnType<typeof openPrograms>, [name, ...args]: readonly string[], input = '', signal = NEVER) {
  const outcome = await programs.run({ name: name!, args, input: Buffer.from(input) }, signal);
  return outcome.problem === undefined ? { ...outcome, output: String(outcome.output) } : outcome;
}

/** A script that is asked texts; it ends with the test. */
function talkTo(
  script: string,
  {
    clock = systemClock,
    logger = silentLogger,
    ...changes
  }: Partial<ConversationSettings> & { clock?: typeof systemClock; logger?: Logger } = {},
) {
  const programs = openPrograms(settingsOf(), { clock, logger });
  const talk = programs.open({ ...CAT, name: 'sh', args: ['-c', script], ...changes });
  return {
    ask: async (message: string, signal = NEVER) => {
      const outcome = await talk.ask(Buffer.from(message), signal);
      return outcome.problem === undefined ? String(outcome.answer) : outcome;
    },
    [Symbol.asyncDispose]: () => programs.close(),
  };
}

/** `command` and `subprocess` over programs that are only told of. */
import { silentLogger, systemClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { compileProcessors } from './compile-processors.ts';
import type { ProcessorSettings } from './processor.ts';
import { programRefusal } from './program-refusal.ts';
import type { Conversation, ConversationSettings, ProgramCall, Programs } from './programs-port.ts';
import { messageOf, step, text } from './testing/chain.ts';

const command = (name: string, args?: string) => step('command', { name: text(name), args_mapping: args && text(args) });
const SUBPROCESS = step('subprocess', { name: 'sed', args: ['-u'], max_buffer: 10, codec_send: 'lines', codec_recv: 'netstring' });

describe('command', () => {
  it('runs a program for each message, by the name and the arguments that the message gives', async () => {
    const { programs, calls } = programsOf();
    const left = await run([command('${! @program }', 'root = [this.a, 1, true, null, {"b": 2}]')], programs, [
      messageOf('{"a":"x y"}', { program: 'p1' }),
      messageOf('{"a":"$z"}', { program: 'p2' }),
    ]);
    expect(calls).toEqual([
      { name: 'p1', args: ['x y', '1', 'true', 'null', '{"b":2}'], input: '{"a":"x y"}' },
      { name: 'p2', args: ['$z', '1', 'true', 'null', '{"b":2}'], input: '{"a":"$z"}' },
    ]);
    expect(left).toEqual(['out of p1 {"program":"p1"}', 'out of p2 {"program":"p2"}']);
  });

  it('needs no arguments, and keeps what was written to standard error', async () => {
    const { programs, calls } = programsOf({ errorOutput: 'careful' });
    expect(await run([command('p')], programs, [messageOf('a')])).toEqual(['out of p {"command_stderr":"careful"}']);
    expect(calls).toEqual([{ name: 'p', args: [], input: 'a' }]);
  });

  it.each([
    [command('p', 'root = this.a'), 'args mapping result error: expected array value, got string'],
    [command('p', 'root = deleted()'), 'args mapping error: expected an array, found nothing: the mapping deletes its root'],
    [command('p', 'root = [throw("no")]'), 'args mapping error: failed assignment (line 1): no'],
    [command('${! throw("no") }'), 'name interpolation error: no'],
    [command('broken'), 'it is broken'],
  ])('flags the message that fails: %#', async (settings, reason) => {
    expect(await run([settings], programsOf().programs, [messageOf('{"a":"\\"b\\""}')])).toEqual([`{"a":"\\"b\\""} {} ! ${reason}`]);
  });

  it('is refused where the program, or any, may not run', () => {
    const { programs } = programsOf({ allowed: ['p'] });
    const compile = (settings: ProcessorSettings, given: Programs | undefined) => () => chainOf([settings], given);
    expect(compile(command('p'), programs)).not.toThrow();
    expect(compile(command('${! content() }'), programs)).not.toThrow();
    expect(compile(command('q'), programs)).toThrow('`root.command`: running the program `q` is not allowed');
    expect(compile(SUBPROCESS, programs)).toThrow('running the program `sed` is not allowed');
    expect(compile(command('${! content() }'), programsOf({ allowed: [] }).programs)).toThrow('running programs is not allowed');
    expect(compile(command('p'), undefined)).toThrow('expected a way to run programs, found none here');
  });
});

describe('subprocess', () => {
  it('asks one program about each message, and flags what has no answer', async () => {
    const { programs, opened } = programsOf();
    const left = await run(
      [SUBPROCESS],
      programs,
      ['a', 'broken', 'c'].map((one) => messageOf(one)),
    );
    expect(left).toEqual(['A {}', 'broken {} ! it is broken', 'C {}']);
    expect(opened).toEqual([{ name: 'sed', args: ['-u'], maxAnswerBytes: 10, send: 'lines', receive: 'netstring' }]);
  });
});

function programsOf({ allowed = ['*'], errorOutput = '' } = {}) {
  const calls: unknown[] = [];
  const opened: ConversationSettings[] = [];
  const conversation: Conversation = {
    ask: async (message) => {
      const asked = Buffer.from(message).toString();
      return asked === 'broken' ? { problem: 'it is broken' } : { answer: Buffer.from(asked.toUpperCase()) };
    },
  };
  const programs: Programs = {
    refusal: (name) => programRefusal(name, allowed),
    run: async ({ name, args, input }: ProgramCall) => {
      calls.push({ name, args, input: Buffer.from(input).toString() });
      return name === 'broken' ? { problem: 'it is broken' } : { output: Buffer.from(`out of ${name}`), errorOutput };
    },
    open: (settings) => {
      opened.push(settings);
      return conversation;
    },
  };
  return { programs, calls, opened };
}

const chainOf = (steps: readonly ProcessorSettings[], programs: Programs | undefined) =>
  compileProcessors(steps, { logger: silentLogger, clock: systemClock, refusesFailed: false, programs });

async function run(steps: readonly ProcessorSettings[], programs: Programs, batch: ReadonlyArray<ReturnType<typeof messageOf>>) {
  const left = await chainOf(steps, programs).run(batch);
  return left.map(
    ({ message: { content, metadata, failure } }) =>
      `${Buffer.from(content).toString()} ${JSON.stringify(metadata)}${failure ? ` ! ${failure.message}` : ''}`,
  );
}

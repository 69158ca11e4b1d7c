import type { BrokenDeadLetter, DeadLetter } from '@sluice/queue';
import { describe, expect, it } from 'vitest';
import { DeadLetterOutputError, DeadLetterTooLargeError } from '../errors.ts';
import type { DeadLetterOutput } from '../output/dead-letter-output.ts';
import { letterOf } from '../testing/letters.ts';
import { LetterSender, type SenderEvent } from './letter-sender.ts';

describe('the sender of dead letters', () => {
  it('removes what the output has confirmed, and then finds no more', async () => {
    const { sendSome, left, put } = senderOf({ a: [letterOf('1'), letterOf('2')], b: [letterOf('3')] });
    expect(await sendSome()).toEqual({ isMore: true });
    expect(left()).toEqual([]);
    expect(put).toEqual([['1', '2'], ['3']]);
    expect(await sendSome()).toEqual({ isMore: false });
  });

  it('does not open its output before there is something to send', async () => {
    const { sendSome, opened } = senderOf({ a: [] });
    await sendSome();
    expect(opened()).toBe(0);
  });

  it('opens its output anew after it could not be opened, and keeps it then', async () => {
    const { sendSome, opened, failing, left } = senderOf({ a: [letterOf('1'), letterOf('2')] });
    failing.open = away();
    await expect(sendSome()).rejects.toThrow('away');
    expect(left()).toEqual(['1', '2']);
    failing.open = undefined;
    await sendSome();
    await sendSome();
    expect([left(), opened()]).toEqual([[], 2]);
  });

  it('keeps what the output did not confirm, and goes on with other targets before it fails', async () => {
    const { sendSome, left, outcomes } = senderOf({ a: [letterOf('1'), letterOf('2')], b: [letterOf('3')] });
    outcomes.set('1', away());
    await expect(sendSome()).rejects.toThrow('away');
    expect(left()).toEqual(['1']);
    outcomes.clear();
    await sendSome();
    expect(left()).toEqual([]);
  });

  it('tries no other target where the output fails as a whole', async () => {
    const { sendSome, left, put, failing } = senderOf({ a: [letterOf('1')], b: [letterOf('2')] });
    failing.put = away();
    await expect(sendSome()).rejects.toThrow('away');
    expect([left(), put]).toEqual([['1', '2'], [['1']]]);
  });

  it('passes over what the output never takes, says so once, and sends what comes behind it', async () => {
    const { sendSome, left, outcomes, events, add } = senderOf({ a: [letterOf('1')] });
    outcomes.set('1', new DeadLetterTooLargeError('q', 2, 1));
    expect(await sendSome()).toEqual({ isMore: true });
    expect(await sendSome()).toEqual({ isMore: false });
    add('a', letterOf('2'));
    await sendSome();
    expect(left()).toEqual(['1']);
    expect(events.map((event) => [event.type, event.type === 'deadLetter.kept' ? event.error.code : event.records])).toEqual([
      ['deadLetter.kept', 'DEAD_LETTER_TOO_LARGE'],
      ['deadLetters.sent', 1],
    ]);
  });

  it('passes over what it cannot read, and sends its neighbours', async () => {
    const { sendSome, left, events } = senderOf({ a: [{ id: '1', error: new Error('torn') }, letterOf('2')] });
    await sendSome();
    expect(left()).toEqual(['1']);
    expect(events.map(({ type }) => type)).toEqual(['deadLetter.kept', 'deadLetters.sent']);
  });

  it('sends again what it could not remove, and loses nothing', async () => {
    const { sendSome, left, put, failing } = senderOf({ a: [letterOf('1')] });
    failing.remove = new Error('connection lost');
    await expect(sendSome()).rejects.toThrow('connection lost');
    failing.remove = undefined;
    await sendSome();
    expect([left(), put]).toEqual([[], [['1'], ['1']]]);
  });

  it('sends nothing once nobody wants it', async () => {
    const { sender, store, put } = senderOf({ a: [letterOf('1')] });
    await expect(sender.sendSome(store, AbortSignal.abort(new Error('over')))).rejects.toThrow('over');
    expect(put).toEqual([]);
  });
});

const away = () => new DeadLetterOutputError('q', new Error('away'));

function senderOf(letters: Record<string, (DeadLetter | BrokenDeadLetter)[]>) {
  const put: string[][] = [];
  const outcomes = new Map<string, Error>();
  const events: SenderEvent[] = [];
  let opened = 0;
  const failing: { open?: Error | undefined; put?: Error | undefined; remove?: Error | undefined } = {};
  const store = {
    targets: async () => Object.keys(letters),
    read: async (target: string, skip: ReadonlySet<string>) => letters[target]!.filter(({ id }) => !skip.has(id)),
    remove: async (target: string, ids: readonly string[]) => {
      if (failing.remove) throw failing.remove;
      letters[target] = letters[target]!.filter(({ id }) => !ids.includes(id));
    },
  };
  const output: DeadLetterOutput = {
    name: 'q',
    async put(sent) {
      put.push(sent.map(({ letter }) => letter.id));
      if (failing.put) throw failing.put;
      return sent.map(({ letter }) => outcomes.get(letter.id));
    },
    [Symbol.dispose]: () => undefined,
  };
  const openOutput = async () => {
    opened += 1;
    if (failing.open) throw failing.open;
    return output;
  };
  const sender = new LetterSender({ openOutput, emit: (event) => void events.push(event) });
  return {
    ...{ sender, store, put, outcomes, events, failing },
    opened: () => opened,
    add: (target: string, letter: DeadLetter) => void letters[target]!.push(letter),
    left: () => Object.values(letters).flatMap((some) => some.map(({ id }) => id)),
    sendSome: () => sender.sendSome(store, new AbortController().signal),
  };
}

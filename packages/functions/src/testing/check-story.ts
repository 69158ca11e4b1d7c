import { getDeadLetter, laneOf, listDeadLetters, readDelayed } from '@sluice/queue';
import { takeLane } from '@sluice/queue/testing';
import type { RedisSession } from '@sluice/redis';
import { expect } from 'vitest';
import { readValues } from '../state/address-values.ts';
import type { CommitStory } from './commit-story.ts';
import { fromRecord, type Processed, type StoryMessage } from './story-message.ts';

/**
 * That every effect took place exactly once: each message was processed once or is one dead letter, counters have counted without a gap,
 * messages of a sender to a target kept their order, delayed messages came at most once and none early.
 */
export async function checkStory(session: RedisSession, story: CommitStory, lanes: number): Promise<void> {
  const processed = await readOut(session, story.out);
  const skipped = await readSkipped(session, story.target);
  const done = [...processed.map(({ message }) => message.name), ...skipped.map(({ name }) => name)];
  expect(done.length, 'nothing twice').toBe(new Set(done).size);

  const sent = processed.flatMap((one) => one.sent);
  const due = [...story.given, ...sent];
  expect(
    due.filter((name) => !done.includes(name)),
    'nothing lost',
  ).toEqual([]);
  const delayed = new Set(processed.flatMap((one) => one.delayed));
  expect(
    done.filter((name) => !due.includes(name) && !delayed.has(name)),
    'nothing made up',
  ).toEqual([]);

  for (const id of story.ids) {
    const own = processed.filter((one) => one.id === id);
    expect(own.map(({ count }) => count)).toEqual(own.map((_, index) => index + 1));
    const address = { target: story.target, lane: laneOf(id, lanes), id };
    const [values] = await readValues(session, session.epoch, [address]);
    expect(Number(Buffer.from(values!.values.get('count')?.value ?? '0').toString())).toBe(own.length);
    const direct = own.filter(({ message }) => message.notBefore === 0);
    for (const ofSender of Map.groupBy(direct, ({ message }) => message.sender).values()) {
      const sequence = ofSender.map(({ message }) => message.sequence);
      expect(sequence).toEqual(sequence.toSorted((a, b) => a - b));
    }
  }
  for (const { message, at } of processed) expect(at, `${message.name} is not early`).toBeGreaterThanOrEqual(message.notBefore);
  expect((await readDelayed(session)).targets.get(story.target)).toBeUndefined();
}

async function readOut(session: RedisSession, target: string): Promise<Processed[]> {
  const lane = await takeLane(session, { target, lane: 0 });
  const { jobs } = await lane.take(100_000);
  return jobs.flatMap(({ records }) => records.map((record) => fromRecord<Processed>(record)));
}

async function readSkipped(session: RedisSession, target: string): Promise<StoryMessage[]> {
  const listed = await listDeadLetters(session, { target, count: 100_000 });
  const letters = await Promise.all(listed.map(({ id }) => getDeadLetter(session, { target, id })));
  return letters.map((letter) => fromRecord<StoryMessage>(letter!.record));
}

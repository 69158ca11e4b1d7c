import { describe, expect, it } from 'vitest';
import { judgedShare, throttledShare, WHOLE_SHARE } from './shard-share.ts';

const ANSWERS = { taken: 190, throttled: 10, throttledBytes: 1_000 };
const onTrial = throttledShare(WHOLE_SHARE, 10_000);

describe('judgedShare', () => {
  it('does not count what was answered in the first quarter of a second', () => {
    expect(judgedShare(onTrial, ANSWERS, 10_249)).toEqual(onTrial);
    expect(judgedShare(onTrial, ANSWERS, 10_250)).toMatchObject({ taken: 190, throttled: 10 });
  });

  it('judges no sooner than a second later, and at most five seconds after the last time', () => {
    expect(judgedShare(onTrial, ANSWERS, 11_249)).toMatchObject({ part: 1, taken: 190 });
    expect(judgedShare(onTrial, ANSWERS, 11_250)).toMatchObject({ part: 0.05, taken: 0 });
    const few = { ...ANSWERS, taken: 189 };
    expect(judgedShare(onTrial, few, 14_999)).toMatchObject({ part: 1, taken: 189 });
    expect(judgedShare(onTrial, few, 15_000)).toMatchObject({ part: 10 / 199, taken: 0 });
  });
});

import { describe, expect, it } from 'vitest';
import { bytesText, compactText, durationText, latencyText, plural, rateText, shardText, shorten } from './format.ts';

describe('figures as text', () => {
  it.each([
    [bytesText(0), '0 B'],
    [bytesText(1_536), '1.5 KiB'],
    [bytesText(12 * 1_048_576), '12 MiB'],
    [compactText(999_999), '999,999'],
    [compactText(1_234_567), '1.2M'],
    [rateText(0), '0'],
    [rateText(0.01), '< 0.1'],
    [rateText(3.14), '3.1'],
    [rateText(4_812.4), '4,812'],
    [durationText(340), '0.3 s'],
    [durationText(9_999), '10 s'],
    [durationText(119_999), '2 min'],
    [durationText(7_200_000), '2 h'],
    [durationText(259_200_000), '3 d'],
    [latencyText(4.24), '4.2 ms'],
    [latencyText(1_400), '1.4 s'],
    [plural(1, 'lane'), '1 lane'],
    [plural(1_000, 'shard'), '1,000 shards'],
    [shardText('shardId-000000000012'), '12'],
    [shardText('shardId-000000000000'), '0'],
    [shardText('my-shard'), 'my-shard'],
    [shorten('0123456789', 10), '0123456789'],
    [shorten('0123456789', 7), '012…789'],
  ])('%s', (found, expected) => {
    expect(found).toBe(expected);
  });
});

import { describe, expect, it } from 'vitest';
import { furtherCases, interpolationCases, mappingCases, type Outcome } from './cases.ts';
import { batchesOf } from './measure.ts';

describe.each([...mappingCases, ...furtherCases, ...interpolationCases])('$name', ({ messages, batchSize, bloblang, handWritten }) => {
  it('is the same work on both sides', () => {
    for (const batch of batchesOf(messages, batchSize)) {
      for (const index of batch.keys()) expect(shown(bloblang(batch, index))).toEqual(shown(handWritten(batch, index)));
    }
  });

  it('has messages of the size it says', () => {
    const sizes = new Set(messages.map(({ content }) => content.length));
    expect([...sizes]).toEqual([sizes.has(200) ? 200 : 1024]);
  });
});

/** Documents are compared as such: Bloblang sorts their keys. */
const shown = (outcome: Outcome): unknown => (outcome instanceof Uint8Array ? JSON.parse(Buffer.from(outcome).toString()) : outcome);

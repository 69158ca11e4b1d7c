/** Letters in parts that fit into one call of a service, one part after the other. */
import type { OutgoingLetter } from './dead-letter-output.ts';

export interface PartLimits {
  readonly maxLetters: number;
  /** Of their lines; a larger one makes a part of its own. */
  readonly maxBytes: number;
}

/**
 * Outcomes as `DeadLetterOutput.put` answers them. Where a call fails as a whole, its letters and all after them have that error.
 * @param put answers the outcome of each letter of a part
 */
export async function putInParts(
  letters: readonly OutgoingLetter[],
  limits: PartLimits,
  put: (part: readonly OutgoingLetter[]) => Promise<readonly (Error | undefined)[]>,
): Promise<readonly (Error | undefined)[]> {
  const outcomes: (Error | undefined)[] = [];
  for (const part of partsOf(letters, limits)) {
    try {
      outcomes.push(...(await put(part)));
    } catch (error) {
      if (outcomes.length === 0) throw error;
      const rest = letters.length - outcomes.length;
      return [...outcomes, ...Array<Error>(rest).fill(error as Error)];
    }
  }
  return outcomes;
}

export function* partsOf(letters: readonly OutgoingLetter[], { maxLetters, maxBytes }: PartLimits): Generator<readonly OutgoingLetter[]> {
  let part: OutgoingLetter[] = [];
  let bytes = 0;
  for (const letter of letters) {
    const size = Buffer.byteLength(letter.line);
    if (part.length > 0 && (part.length === maxLetters || bytes + size > maxBytes)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(letter);
    bytes += size;
  }
  if (part.length > 0) yield part;
}

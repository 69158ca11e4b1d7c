/** Brings dead letters back that were sent on: lines of JSON, as an output of dead letters has them. */
import { plural } from '@sluice/core';
import { type DeadLetter, parseDeadLetterLine } from '@sluice/queue';
import { readInBatches } from '../read-in-batches.ts';

export interface ImportOptions {
  /** Only those of this target. */
  readonly target: string | undefined;
  /** Passes over lines that are no dead letters, such as one that a crash has torn. */
  readonly skipsBroken: boolean;
}

export interface ImportedLetters {
  readonly count: number;
  /** Lines that were passed over because they are no dead letters. */
  readonly broken: number;
}

/**
 * Stores the letters of lines, some at a time, in their order.
 * @throws {DeadLetterLineError} at the first line that is wrong; what stands before it is stored
 */
export async function importLetters(
  lines: AsyncIterable<string> | Iterable<string>,
  { target, skipsBroken }: ImportOptions,
  store: (letters: readonly DeadLetter[]) => Promise<unknown>,
): Promise<ImportedLetters> {
  let broken = 0;
  const read = (line: string, lineNumber: number): DeadLetter | undefined => {
    try {
      return parseDeadLetterLine(line, lineNumber);
    } catch (error) {
      if (!skipsBroken) throw error;
      broken += 1;
      return undefined;
    }
  };
  const parse = (line: string, lineNumber: number) => {
    const letter = read(line, lineNumber);
    return target === undefined || letter?.target === target ? letter : undefined;
  };
  return { count: await readInBatches(lines, { parse, bytesOf: ({ bytes }) => bytes }, store), broken };
}

export const importedText = ({ count, broken }: ImportedLetters, verb: string): string =>
  `${plural(count, 'dead letter')} ${verb}${broken === 0 ? '' : `, ${plural(broken, 'line')} passed over`}`;

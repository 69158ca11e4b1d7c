import type { SourcePosition } from '../model/position.ts';

/** The text of one configuration file, able to say where an offset stands. */
export class SourceFile {
  readonly name: string;
  readonly text: string;
  readonly #lineStarts: number[];

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
    this.#lineStarts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.#lineStarts.push(at + 1);
  }

  /** The position of `offset`; an offset outside the text is taken to its nearest end. */
  positionAt(offset: number): SourcePosition {
    const at = Math.min(Math.max(offset, 0), this.text.length);
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return { file: this.name, line: low + 1, column: at - this.#lineStarts[low]! + 1 };
  }
}

/** A stretch of a file as the YAML parser sees it: perhaps with environment variables put in. */
export interface SourceText {
  readonly text: string;
  locate(offset: number): SourcePosition;
  /** Name of the environment variable that the character at `offset` came from. */
  variableAt(offset: number): string | undefined;
}

/** `file` from `start` to `end`, unchanged. */
export const sliceOf = (file: SourceFile, start: number, end: number): SourceText => ({
  text: file.text.slice(start, end),
  locate: (offset) => file.positionAt(start + offset),
  variableAt: () => undefined,
});

import { SluiceError } from '@sluice/core';

/** Thrown when a part of a dead letter is not in Redis any more. */
export class DeadLetterBrokenError extends SluiceError {
  readonly code = 'DEAD_LETTER_BROKEN';
  readonly disposition = 'reject';

  constructor(id: string, missing: 'record' | 'job') {
    super(`expected dead letter ${id} with its record, found no ${missing}: remove it with \`sluice dead-letters remove\``, {
      details: { id, missing },
    });
  }
}

/** Thrown when a line of an import is no dead letter. */
export class DeadLetterLineError extends SluiceError {
  readonly code = 'DEAD_LETTER_LINE';
  readonly disposition = 'reject';

  constructor(line: number, expected: string) {
    super(`line ${line} of the import: expected ${expected}`, { details: { line } });
  }
}

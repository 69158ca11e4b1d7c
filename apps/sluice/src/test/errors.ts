import { SluiceError } from '@sluice/core';

/** A test cannot be run as it stands: its target, a mock or a file of it is wrong. */
export class TestSetUpError extends SluiceError {
  readonly code = 'TEST_SET_UP';
  readonly disposition = 'fatal';

  constructor(file: string, reason: string, cause?: unknown) {
    super(`cannot run the tests of ${file}: ${reason}`, { cause, details: { file } });
  }
}

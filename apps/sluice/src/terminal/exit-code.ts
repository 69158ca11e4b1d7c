/** The exit code for wrong usage of the command line; every other failure is 1. */
export const WRONG_USAGE = 2;

const USAGE_ERRORS: ReadonlySet<string> = new Set([
  'OPERATOR_INPUT_INVALID',
  'BLOBL_USAGE',
  'IMPORT_USAGE',
  'PUT_USAGE',
  'TAIL_USAGE',
  'UP_USAGE',
]);

/** By the code of an error. */
export const exitCodeOf = (code: string): number => (USAGE_ERRORS.has(code) ? WRONG_USAGE : 1);

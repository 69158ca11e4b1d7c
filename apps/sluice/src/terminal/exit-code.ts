/** The exit code of a command line that cannot be followed; 1 stands for everything else that went wrong. */
export const WRONG_USAGE = 2;

const USAGE_ERRORS: ReadonlySet<string> = new Set(['OPERATOR_INPUT_INVALID', 'BLOBL_USAGE', 'PUT_USAGE', 'UP_USAGE']);

/** By the code of an error. */
export const exitCodeOf = (code: string): number => (USAGE_ERRORS.has(code) ? WRONG_USAGE : 1);

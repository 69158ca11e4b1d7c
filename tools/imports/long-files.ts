const MOST_LINES = 300;
/** Somewhere in the file: `Long: one production of the grammar beside the other.` */
const REASON = /^\s*(?:\/\/|\/?\*+)\s*Long: \S/m;

/** A file over 300 lines holds two things, or says in a comment why it is one. */
export function longFileProblem(file: string, source: string): string | undefined {
  const lines = source.split('\n').length - 1;
  if (lines <= MOST_LINES || REASON.test(source)) return undefined;
  return `${file}: ${lines} lines; split it, or give the reason in a comment: // Long: …`;
}

/** A place in a configuration file, as an editor counts: lines and columns from 1, columns in UTF-16 units. */
export interface SourcePosition {
  /** As the user named it; a flag (`-s path`, `--redis-url`) or a variable (`$NAME`) for values that came from there. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What wrote the value, if not the author of the file: a template, with its place. */
  readonly madeBy?: string;
}

/** Bloblang text (an interpolated string, a mapping or a query) that compiled without error at load, with where it stands. */
export interface BloblangSource {
  readonly source: string;
  readonly position: SourcePosition;
}

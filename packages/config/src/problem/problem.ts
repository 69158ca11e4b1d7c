import type { SourcePosition } from '../model/position.ts';

export type Severity = 'error' | 'warning';

/**
 * What kind of problem it is. `connector.…` are errors that the original Stateful Functions meets only when its connector
 * starts, after it accepted the module; Sluice reports them at load.
 */
export type ProblemCode =
  | 'file.unreadable'
  | 'file.too-large'
  | 'file.encoding'
  | 'yaml.syntax'
  | 'yaml.nesting'
  | 'yaml.alias'
  | 'yaml.duplicate-key'
  | 'env.missing'
  | 'env.invalid'
  | 'env-file.syntax'
  | 'override.invalid'
  | 'document.unknown'
  | 'field.unknown'
  | 'field.missing'
  | 'field.type'
  | 'field.value'
  | 'field.deprecated'
  | 'component.unknown'
  | 'component.unsupported'
  | 'component.ambiguous'
  | 'label.invalid'
  | 'label.missing'
  | 'label.duplicate'
  | 'bloblang.invalid'
  | 'bloblang.ineffective'
  | 'id.duplicate'
  | 'target.unresolved'
  | 'target.without-stream'
  | 'target.unserved'
  | 'module.dropped-data'
  | 'module.documented-mistake'
  | 'module.ineffective'
  | 'connector.unknown-property'
  | 'connector.invalid-value'
  | 'section.ignored'
  | 'worker.unsupported';

/** An error or a warning about the configuration. */
export interface Problem {
  readonly severity: Severity;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly code: ProblemCode;
  /** One sentence in lower case: what was found, what is expected, what to do. Never a secret. */
  readonly message: string;
}

/** How severe findings are, and what counts as one. */
export interface ProblemRules {
  readonly strict?: boolean;
  readonly chilled?: boolean;
  /** A component of a Benthos file must have a label. */
  readonly labels?: boolean;
  /** Fields that Benthos calls deprecated are reported. */
  readonly deprecated?: boolean;
}

/** Collects problems; knows how severe a finding is under `--strict` and `--chilled`. */
export class ProblemLog {
  readonly problems: Problem[] = [];
  readonly #isStrict: boolean;
  /** What Benthos calls lints is only warned about. */
  readonly isChilled: boolean;
  readonly #wantsLabels: boolean;
  readonly #reportsDeprecated: boolean;
  readonly #unlinted = new Set<string>();
  /** Files with a main component that there is not. */
  readonly #unrecognised = new Set<string>();
  /** Places of components without a label; one may be read several times. */
  readonly #unlabelled = new Set<string>();

  constructor({ strict = false, chilled = false, labels = false, deprecated = false }: ProblemRules = {}) {
    this.#isStrict = strict;
    this.isChilled = chilled;
    this.#wantsLabels = labels;
    this.#reportsDeprecated = deprecated;
  }

  /** Stops a worker at start. */
  error(code: ProblemCode, position: SourcePosition, message: string): void {
    this.#add('error', code, position, message);
  }

  warn(code: ProblemCode, position: SourcePosition, message: string): void {
    this.#add('warning', code, position, message);
  }

  /** A finding that the original tolerates: a warning, and an error under `--strict`. */
  tolerate(code: ProblemCode, position: SourcePosition, message: string): void {
    this.#add(this.#isStrict ? 'error' : 'warning', code, position, message);
  }

  /** What Benthos calls a lint: an error, a warning under `--chilled`, nothing in a file that asks for silence. */
  lint(code: ProblemCode, position: SourcePosition, message: string): void {
    if (!this.#unlinted.has(position.file)) this.chillable(code, position, message);
  }

  /** An error, and a warning under `--chilled`; also in a file that asks for silence. */
  chillable(code: ProblemCode, position: SourcePosition, message: string): void {
    this.#add(this.isChilled ? 'warning' : 'error', code, position, message);
  }

  /** A component has no label. */
  unlabelled(position: SourcePosition, type: string): void {
    const place = `${position.file}:${position.line}:${position.column}`;
    if (!this.#wantsLabels || this.#unlabelled.has(place)) return;
    this.#unlabelled.add(place);
    this.lint('label.missing', position, `\`${type}\` needs a \`label\``);
  }

  /** A field is set that Benthos calls deprecated. */
  deprecated(position: SourcePosition, path: string): void {
    if (this.#reportsDeprecated) this.lint('field.deprecated', position, `\`${path}\` is deprecated`);
  }

  /** A main component of a file is none that there is: Benthos then asks for no labels in it. */
  unrecognised({ file }: SourcePosition): void {
    this.#unrecognised.add(file);
  }

  /** All but what is asked of a file only once it is understood. */
  get reported(): readonly Problem[] {
    return this.problems.filter(({ code, file }) => code !== 'label.missing' || !this.#unrecognised.has(file));
  }

  silenceLints(file: string): void {
    this.#unlinted.add(file);
  }

  #add(severity: Severity, code: ProblemCode, { file, line, column, madeBy }: SourcePosition, message: string): void {
    const told = madeBy === undefined ? message : `${message} (made by ${madeBy})`;
    this.problems.push({ severity, file, line, column, code, message: told });
  }
}

export const hasErrors = (problems: readonly Problem[]): boolean => problems.some(({ severity }) => severity === 'error');

/** In the order in which a reader meets them: by file, in the order given and others behind them, then by line and column. */
export function sortProblems(problems: readonly Problem[], files: readonly string[]): Problem[] {
  const names = [...new Set([...files, ...problems.map(({ file }) => file)])];
  const rank = new Map(names.map((file, index) => [file, index]));
  const rankOf = ({ file }: Problem) => rank.get(file)!;
  return problems.toSorted((a, b) => rankOf(a) - rankOf(b) || a.line - b.line || a.column - b.column);
}

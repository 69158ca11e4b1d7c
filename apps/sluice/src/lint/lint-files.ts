import { type LoadedConfig, type LoadOptions, loadConfig, type Problem } from '@sluice/config';

export interface LintOptions extends Pick<LoadOptions, 'env' | 'strict' | 'chilled'> {
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  /** Say nothing about variables that are not set. */
  readonly skipsEnvCheck: boolean;
}

export interface LintReport {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  /** The text of each file, for `renderProblem`. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Checks each file by itself, for a folder may hold many that never run together. Only what a file refers to may be defined
 * in any other of `files`: the egress of a target, the endpoint of a function, the stream of an egress.
 */
export async function lintFiles({ files, skipsEnvCheck, ...options }: LintOptions): Promise<LintReport> {
  const problems = new Map<string, Problem>();
  const sources = new Map<string, string>();
  const alone = new Map<string, LoadedConfig>();
  for (const file of files) alone.set(file, await loadConfig({ ...options, files: [file] }));
  const definers = files.filter((file) => defines(alone.get(file)!));
  for (const [file, loaded] of alone) {
    const others = definers.filter((other) => other !== file);
    const found = await withReferences(file, loaded, others, options);
    for (const problem of skipsEnvCheck ? withoutUnset(found, loaded.sources) : found)
      if (!problem.file.startsWith('$')) problems.set(JSON.stringify(problem), problem);
    for (const [name, text] of loaded.sources) sources.set(name, text);
  }
  return { files, problems: [...problems.values()], sources };
}

/** The problems of `file`, those of its references judged with the other files beside it. */
async function withReferences(
  file: string,
  { problems }: LoadedConfig,
  others: readonly string[],
  options: Omit<LoadOptions, 'files'>,
): Promise<readonly Problem[]> {
  if (others.length === 0 || !problems.some(isReference)) return problems;
  const together = await loadConfig({ ...options, files: [file, ...others] });
  const unresolved = together.problems.filter((problem) => problem.file === file && isReference(problem));
  return [...problems.filter((problem) => !isReference(problem)), ...unresolved].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Without the variables that are not set, and without what is wrong with the empty text in their places. */
function withoutUnset(problems: readonly Problem[], sources: LintReport['sources']): Problem[] {
  const unset = problems
    .filter(({ code }) => code === 'env.missing')
    .map(({ file, line, column }) => {
      const text = sources.get(file)?.split('\n', line)[line - 1] ?? '';
      const end = text.indexOf('}', column - 1);
      // A value in quotes has its place at the quote.
      return { file, line, from: column - 1, to: end === -1 ? column : end + 2 };
    });
  return problems.filter(
    ({ file, line, column }) => !unset.some((one) => one.file === file && one.line === line && column >= one.from && column <= one.to),
  );
}

const isReference = ({ code }: Problem): boolean => code === 'target.unresolved' || code === 'target.without-stream';

/** Whether another file could refer to something in this one. */
const defines = ({ config }: LoadedConfig): boolean =>
  config.egresses.length > 0 || config.endpoints.length > 0 || Object.keys(config.settings.egresses).length > 0;

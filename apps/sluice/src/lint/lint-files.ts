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
    for (const problem of await withReferences(file, loaded, others, options)) {
      if (problem.file.startsWith('$') || (skipsEnvCheck && problem.code === 'env.missing')) continue;
      problems.set(JSON.stringify(problem), problem);
    }
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

const isReference = ({ code }: Problem): boolean => code === 'target.unresolved' || code === 'target.without-stream';

/** Whether another file could refer to something in this one. */
const defines = ({ config }: LoadedConfig): boolean =>
  config.egresses.length > 0 || config.endpoints.length > 0 || Object.keys(config.settings.egresses).length > 0;

import { type ConfigRole, type LoadedConfig, type LoadOptions, loadConfig, type Problem, withoutConsequences } from '@sluice/config';

export interface LintOptions extends Pick<LoadOptions, 'env' | 'strict' | 'chilled' | 'labels' | 'deprecated'> {
  readonly files: readonly string[];
  readonly envFiles: readonly string[];
  /** Files with further resources of each of them. */
  readonly resources?: readonly string[];
  /** Files, or globs of them, with templates of components. */
  readonly templates?: readonly string[];
  /** Say nothing about variables that are not set. */
  readonly skipsEnvCheck: boolean;
}

export interface LintReport {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  /** The text of each file, for `renderProblem`. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Whatever a file is for: what would refuse it is an error here too. */
const WORKERS: readonly ConfigRole[] = ['ingress-worker', 'egress-worker', 'function-worker', 'pipeline'];

/**
 * Checks each file by itself, for a folder may hold many that never run together. Only what a file refers to may be defined
 * in any other of `files`: the egress of a target, the endpoint of a function, the stream of an egress.
 */
export async function lintFiles({ files, skipsEnvCheck, ...options }: LintOptions): Promise<LintReport> {
  const problems = new Map<string, Problem>();
  const sources = new Map<string, string>();
  const alone = new Map<string, LoadedConfig>();
  for (const file of files) alone.set(file, await loadConfig({ ...options, files: [file], workers: WORKERS }));
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
  const together = await loadConfig({ ...options, files: [file, ...others], workers: WORKERS });
  const unresolved = together.problems.filter((problem) => problem.file === file && isReference(problem));
  return [...problems.filter((problem) => !isReference(problem)), ...unresolved].sort((a, b) => a.line - b.line || a.column - b.column);
}

/** Without the variables that are not set, and without what is wrong with the empty text in their places. */
const withoutUnset = (problems: readonly Problem[], sources: LintReport['sources']): Problem[] =>
  withoutConsequences(problems, sources).filter(({ code }) => code !== 'env.missing');

const isReference = ({ code }: Problem): boolean => code.startsWith('target.');

/** Whether the references of another file could end in this one, or be made whole by it. */
const defines = ({ config }: LoadedConfig): boolean =>
  config.ingresses.length > 0 ||
  config.egresses.length > 0 ||
  config.endpoints.length > 0 ||
  Object.keys(config.settings.egresses).length + Object.keys(config.settings.ingresses).length > 0;

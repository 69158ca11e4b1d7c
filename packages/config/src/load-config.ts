import { compileDocuments } from './assemble/compile-documents.ts';
import { type ConfigDocument, readDocuments } from './assemble/read-documents.ts';
import { parseEnvFile } from './benthos/env-file.ts';
import type { Environment } from './benthos/env-vars.ts';
import { type Override, parseOverride } from './benthos/overrides.ts';
import type { SluiceConfig } from './model/config.ts';
import { type Problem, ProblemLog, sortProblems } from './problem/problem.ts';
import { readSource } from './source/read-source.ts';
import type { SourceFile } from './source/source-file.ts';

export interface LoadOptions {
  /** Paths, in order: a later file's `sluice:` settings win over an earlier one's. */
  readonly files: readonly string[];
  /** For `${NAME}` in files, and for `SLUICE_…` settings. */
  readonly env: Environment;
  /** Environment files, laid over `env` in order (`-e`). */
  readonly envFiles?: readonly string[];
  /** `path=value`, laid over everything else (`-s`); paths under `sluice.` are ours, others those of the Benthos document. */
  readonly overrides?: readonly string[];
  /** Refuse what upstream tolerates silently in a module.yaml. @default false */
  readonly strict?: boolean;
  /** Only warn about what Benthos calls lints: unknown fields, bad labels, unset variables. @default false */
  readonly chilled?: boolean;
}

export interface LoadedConfig {
  /** Meaningful only when no problem is an error; then complete. */
  readonly config: SluiceConfig;
  /** In the order of the files, by line and column. */
  readonly problems: readonly Problem[];
  /** The text of each file that was read, for `renderProblem`. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Reads, checks and compiles the configuration. Bad input of any kind is a problem, never an exception. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const log = new ProblemLog(options);
  const sources: SourceFile[] = [];
  const env = await readEnvironment(options, log, sources);
  const documents: ConfigDocument[] = [];
  for (const path of options.files) {
    const file = await readSource(path, log);
    if (!file) continue;
    sources.push(file);
    documents.push(...readDocuments(file, env, log));
  }
  const overrides = (options.overrides ?? []).flatMap((expression): readonly Override[] => {
    const override = parseOverride(expression, log);
    return override ? [override] : [];
  });
  const compiled = compileDocuments({ documents, overrides, env, log });
  return {
    config: compiled.config,
    problems: sortProblems(log.problems, options.files),
    sources: new Map([...sources, ...compiled.sources, ...overrides.map(({ file }) => file)].map((file) => [file.name, file.text])),
  };
}

async function readEnvironment({ env, envFiles = [] }: LoadOptions, log: ProblemLog, sources: SourceFile[]): Promise<Environment> {
  let merged = env;
  for (const path of envFiles) {
    const file = await readSource(path, log);
    if (!file) continue;
    sources.push(file);
    merged = { ...merged, ...parseEnvFile(file, log) };
  }
  return merged;
}

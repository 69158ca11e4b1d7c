import { addResources } from './assemble/add-resources.ts';
import { compileDocuments } from './assemble/compile-documents.ts';
import type { EffectiveDocument } from './assemble/effective-documents.ts';
import { readDocuments } from './assemble/read-documents.ts';
import { type FlagSetting, type Override, readOverride } from './benthos/overrides.ts';
import { parseEnvFile } from './environment/env-file.ts';
import type { Environment } from './environment/env-vars.ts';
import { withoutConsequences } from './environment/unset-variables.ts';
import type { SluiceConfig } from './model/config.ts';
import { type Problem, ProblemLog, sortProblems } from './problem/problem.ts';
import { pipelineRefusals } from './refusals/pipeline-refusals.ts';
import { refusalsOf, type WorkerRole } from './refusals/worker-refusals.ts';
import { expandGlobs, readAll } from './source/read-files.ts';
import { decodeSource } from './source/read-source.ts';
import type { SourceFile } from './source/source-file.ts';
import { readTemplates } from './templates/template.ts';
import type { MapNode } from './yaml/node.ts';

export interface LoadOptions {
  /** Paths, in order: a later file's `sluice:` settings win over an earlier one's. */
  readonly files: readonly string[];
  /** Texts that are in no file; they come after the files. */
  readonly texts?: readonly ConfigText[];
  /** Files or globs of them with further resources of the first Benthos document (`-r`). */
  readonly resources?: readonly string[];
  /** Files or globs of them with templates of components (`-t`). */
  readonly templates?: readonly string[];
  /** For `${NAME}` in files, and for `SLUICE_…` settings. */
  readonly env: Environment;
  /** Environment files or globs of them, laid over `env` in order (`-e`). */
  readonly envFiles?: readonly string[];
  /** `path=value` (`-s`) or a flag of its own, laid over everything else; paths under `sluice.` are ours, others those of the Benthos document. */
  readonly overrides?: ReadonlyArray<string | FlagSetting>;
  /** Refuse what upstream tolerates silently in a module.yaml. @default false */
  readonly strict?: boolean;
  /** Only warn about what Benthos calls lints: unknown fields, bad labels, unset variables. @default false */
  readonly chilled?: boolean;
  /** Ask for a label of every component of a Benthos file. @default false */
  readonly labels?: boolean;
  /** Report fields that Benthos calls deprecated. @default false */
  readonly deprecated?: boolean;
  /** The time by which positions are judged, milliseconds since 1970. @default that of the system */
  readonly nowMs?: number;
  /** What is to run on it, workers or its pipelines in one process: what one of them does not do is an error too. @default none */
  readonly workers?: readonly ConfigRole[];
}

/** What a configuration may be for. */
export type ConfigRole = WorkerRole | 'pipeline';

export interface LoadedConfig {
  /** Meaningful only when no problem is an error; then complete. */
  readonly config: SluiceConfig;
  /** In the order of the files, by line and column. */
  readonly problems: readonly Problem[];
  /** Every value in force with its source, secrets redacted, document by document; the settings of Sluice come last. */
  readonly effective: readonly EffectiveDocument[];
  /** The text of each file that was read, for `renderProblem`. */
  readonly sources: ReadonlyMap<string, string>;
}

/** A configuration text that is no file, or was read already. */
export interface ConfigText {
  /** What problems call it. */
  readonly name: string;
  readonly text: string;
}

/** Reads, checks and compiles the configuration. Bad input of any kind is a problem, never an exception. */
export async function loadConfig(options: LoadOptions): Promise<LoadedConfig> {
  const log = new ProblemLog(options);
  const envFiles = await readAll(await expandGlobs(options.envFiles ?? [], log), log);
  const env: Environment = Object.assign({ ...options.env }, ...envFiles.map((file) => parseEnvFile(file, log)));
  const texts = options.texts ?? [];
  const resources = await readAll(await expandGlobs(options.resources ?? [], log), log);
  const templates = await readAll(await expandGlobs(options.templates ?? [], log), log);
  const files = [...(await readAll(options.files, log)), ...decodeTexts(texts, log)];
  return compile({
    files,
    resources,
    templates,
    others: envFiles,
    env,
    overrides: options.overrides ?? [],
    log,
    order: [...templates.map(({ name }) => name), ...options.files, ...texts.map(({ name }) => name)],
    workers: options.workers ?? [],
    nowMs: options.nowMs,
  });
}

/** As {@link loadConfig}, from texts in hand. */
export function compileConfig(
  texts: readonly ConfigText[],
  options: Omit<LoadOptions, 'files' | 'texts' | 'envFiles' | 'resources' | 'templates'>,
): LoadedConfig {
  const log = new ProblemLog(options);
  return compile({
    files: decodeTexts(texts, log),
    resources: [],
    templates: [],
    others: [],
    env: options.env,
    overrides: options.overrides ?? [],
    log,
    order: texts.map(({ name }) => name),
    workers: options.workers ?? [],
    nowMs: options.nowMs,
  });
}

const decodeTexts = (texts: readonly ConfigText[], log: ProblemLog): SourceFile[] =>
  texts.flatMap(({ name, text }) => decodeSource(name, Buffer.from(text), log) ?? []);

interface CompileRequest {
  readonly files: readonly SourceFile[];
  readonly resources: readonly SourceFile[];
  readonly templates: readonly SourceFile[];
  readonly others: readonly SourceFile[];
  readonly env: Environment;
  readonly overrides: ReadonlyArray<string | FlagSetting>;
  readonly log: ProblemLog;
  readonly order: readonly string[];
  readonly workers: readonly ConfigRole[];
  readonly nowMs: number | undefined;
}

function compile({
  files,
  resources,
  templates,
  others,
  env,
  overrides,
  log,
  order,
  workers,
  nowMs = Date.now(),
}: CompileRequest): LoadedConfig {
  const documentsOf = (some: readonly SourceFile[]) => some.flatMap((file) => readDocuments(file, env, log));
  const documents = addResources(documentsOf(files), documentsOf(resources), log);
  const parsed = overrides.flatMap((expression): readonly Override[] => {
    const override = readOverride(expression, log);
    return override ? [override] : [];
  });
  const { config, sources, effective, given } = compileDocuments({
    documents,
    templates: readTemplates(templates, log),
    overrides: parsed,
    env,
    log,
  });
  const read = [...files, ...resources, ...templates, ...others, ...sources, ...parsed.map(({ file }) => file)];
  const texts = new Map(read.map((file) => [file.name, file.text]));
  const refusals = (role: ConfigRole) =>
    role === 'pipeline' ? refusalsOfPipelines(config, given) : refusalsOf(config, role, { settings: given, nowMs });
  const found = [...log.reported, ...workers.flatMap(refusals)];
  // Where an unset variable only is a warning, the empty text in its place is what stops.
  const told = log.isChilled ? found : withoutConsequences(found, texts);
  return { config, effective, problems: sortProblems(told, order), sources: texts };
}

/** Beside what workers run, pipelines do not run at all. */
const refusalsOfPipelines = ({ pipelines, ingresses, endpoints }: SluiceConfig, given: MapNode): readonly Problem[] =>
  pipelines.length > 0 && ingresses.length === 0 && endpoints.length === 0 ? pipelineRefusals(given) : [];

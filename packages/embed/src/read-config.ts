import { loadConfig, type SluiceConfig, type WorkerRole } from '@sluice/config';
import type { Logger } from '@sluice/core';
import { WorkerConfigError } from './errors.ts';

/** A document as text (YAML, or several between `---`), or as the value that its YAML would have. */
export type ConfigDocument = string | Readonly<Record<string, unknown>>;

export interface ConfigOptions {
  /** Paths of configuration files. */
  readonly files?: readonly string[] | undefined;
  /** Documents that are in no file. They come after the files, so their `sluice:` settings win. */
  readonly config?: ConfigDocument | readonly ConfigDocument[] | undefined;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * The configuration of one worker. Warnings go to the log.
 * @throws {WorkerConfigError} it has errors
 */
export async function readConfig(
  { files = [], config = [], env }: ConfigOptions,
  role: WorkerRole,
  logger?: Logger,
): Promise<SluiceConfig> {
  const texts = [config].flat().map((document, index) => ({ name: `config[${index}]`, text: textOf(document) }));
  const loaded = await loadConfig({ files, texts, env, workers: [role] });
  const errors = loaded.problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new WorkerConfigError(errors);
  for (const { severity: _, ...problem } of loaded.problems) logger?.warn('the configuration has a warning', problem);
  return loaded.config;
}

// JSON is YAML, so a value has lines and columns as a file has.
const textOf = (document: ConfigDocument): string => (typeof document === 'string' ? document : JSON.stringify(document, undefined, 2));

/**
 * Texts in other languages than Bloblang are compiled as at a start, so that `lint` finds what is wrong with them. Files that they name are
 * not looked for: these may be there only where the worker runs. Folders of .proto files are read where they are here.
 */
import { existsSync } from 'node:fs';
import { silentLogger, systemClock } from '@sluice/core';
import { compileProcessors, ProcessorConfigError } from '@sluice/processors';
import type { ProcessorOptions, ProcessorSettings } from '../model/processor.ts';
import type { ProblemLog } from '../problem/problem.ts';

/** Whether the texts of a type stand in the configuration itself. */
const CHECKED: Readonly<Record<string, (options: ProcessorOptions) => boolean>> = {
  jq: () => true,
  jmespath: () => true,
  grok: ({ pattern_paths: paths }) => Array.isArray(paths) && paths.length === 0,
  avro: ({ schema_path: path = '' }) => path === '',
  protobuf: ({ import_paths: paths }) => Array.isArray(paths) && paths.every((path) => existsSync(String(path))),
  json_schema: ({ schema_path: path = '' }) => path === '',
};

export function checkTexts(processor: ProcessorSettings, log: ProblemLog): void {
  if (!CHECKED[processor.type]?.(processor.options)) return;
  try {
    compileProcessors([processor], { logger: silentLogger, clock: systemClock, refusesFailed: false });
  } catch (error) {
    if (!(error instanceof ProcessorConfigError)) throw error;
    log.error('field.value', processor.position, `\`${processor.path}\`: ${error.reason}`);
  }
}

import { fileURLToPath } from 'node:url';
import { readBoundedFile } from '@sluice/bloblang';
import { ProcessorConfigError } from './errors.ts';
import type { ProcessorSettings } from './processor.ts';

/** The file of `schema_path`, where one is named, else the text of `schema`; empty where both are absent. `what` is for the message. */
export function schemaText({ options, position, path }: ProcessorSettings, what: string): string {
  const { schema = '', schema_path: file = '' } = options as { readonly schema?: string; readonly schema_path?: string };
  if (file === '') return schema;
  if (!file.startsWith('file://')) {
    throw new ProcessorConfigError(
      position,
      path,
      `expected a \`schema_path\` that begins with file://, found \`${file}\`; no schema is loaded over HTTP`,
    );
  }
  try {
    return Buffer.from(readBoundedFile(fileURLToPath(file))).toString();
  } catch (cause) {
    throw new ProcessorConfigError(position, path, `failed to load ${what} schema definition: ${(cause as Error).message}`, cause);
  }
}

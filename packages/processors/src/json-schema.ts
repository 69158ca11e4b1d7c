import { fileURLToPath } from 'node:url';
import { openDocument, readBoundedFile } from '@sluice/bloblang';
import { compileJsonSchema, type JsonSchemaCheck } from '@sluice/bloblang-library';
import { BloblangError } from '@sluice/values';
import { ProcessorConfigError } from './errors.ts';
import { attempt, flagged, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';

/** `json_schema`: flags a message whose document is not as a schema wants it; the message itself stays as it is. */
export function jsonSchema(settings: ProcessorSettings): Processor {
  const check = checkOf(settings);
  return (batch) => [
    batch.map((item) => {
      const problem = attempt(() => check(openDocument(item.message.content).value()));
      return isFailure(problem) ? flagged(item, problem, settings) : item;
    }),
  ];
}

function checkOf(settings: ProcessorSettings): JsonSchemaCheck {
  try {
    return compileJsonSchema(schemaText(settings));
  } catch (error) {
    if (!(error instanceof BloblangError)) throw error;
    throw new ProcessorConfigError(settings.position, settings.path, error.message, error);
  }
}

/** The file, where one is named, else the text. */
function schemaText({ options, position, path }: ProcessorSettings): string {
  const { schema = '', schema_path: file = '' } = options as { readonly schema?: string; readonly schema_path?: string };
  if (file === '' && schema === '') throw new ProcessorConfigError(position, path, 'either schema or schema_path must be provided');
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
    throw new ProcessorConfigError(position, path, `failed to load JSON schema definition: ${(cause as Error).message}`, cause);
  }
}

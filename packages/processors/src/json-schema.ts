import { openDocument } from '@sluice/bloblang';
import { compileJsonSchema, type JsonSchemaCheck } from '@sluice/bloblang-library';
import { BloblangError } from '@sluice/values';
import { ProcessorConfigError } from './errors.ts';
import { attempt, flagged, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';
import { schemaText } from './schema-source.ts';

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
  const text = schemaText(settings, 'JSON');
  if (text === '') throw new ProcessorConfigError(settings.position, settings.path, 'either schema or schema_path must be provided');
  try {
    return compileJsonSchema(text);
  } catch (error) {
    if (!(error instanceof BloblangError)) throw error;
    throw new ProcessorConfigError(settings.position, settings.path, error.message, error);
  }
}

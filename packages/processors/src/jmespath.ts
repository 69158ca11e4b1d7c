import { openDocument } from '@sluice/bloblang';
import { compileJmespath, JmespathSyntaxError } from '@sluice/jmespath';
import { BloblangError } from '@sluice/values';
import { replaceDocument } from './document.ts';
import { ProcessorConfigError } from './errors.ts';
import type { Processor, ProcessorSettings } from './processor.ts';

/** `jmespath`: what a query finds in the document of each message, null where it finds nothing. */
export function jmespath(settings: ProcessorSettings): Processor {
  const search = searchOf(settings);
  return replaceDocument(settings, ({ content }) => search(openDocument(content).value()));
}

function searchOf({ options, position, path }: ProcessorSettings): ReturnType<typeof compileJmespath> {
  try {
    return compileJmespath(options['query'] as string);
  } catch (error) {
    if (!(error instanceof JmespathSyntaxError || error instanceof BloblangError)) throw error;
    throw new ProcessorConfigError(position, path, `failed to compile JMESPath query: ${error.message}`, error);
  }
}

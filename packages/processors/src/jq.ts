import { allMetadata, documentContent, openDocument } from '@sluice/bloblang';
import { compileJq, type JqFilter, JqSyntaxError } from '@sluice/jq';
import { decodeText, encodeJsonForHtml, encodeText, type Value, type ValueObject } from '@sluice/values';
import { withinStack } from './document.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, flagged, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';

interface JqOptions {
  readonly query: string;
  readonly raw: boolean;
  readonly output_raw: boolean;
}

const NO_METADATA: Value = {};

/**
 * `jq`: what a filter makes of the document of each message: an array where it makes several. A message of which it makes nothing is left
 * out; one for which it fails is flagged and stays.
 */
export function jq(settings: ProcessorSettings): Processor {
  const { query, raw, output_raw: isOutputRaw } = settings.options as unknown as JqOptions;
  const filter = filterOf(settings);
  const usesMetadata = query.includes('$metadata');
  return (batch) => [
    batch.flatMap((item) => {
      const { content, metadata } = item.message;
      const made = attempt(() =>
        withinStack(() => {
          const document = raw ? decodeText(content) : openDocument(content).value();
          const results = filter.run(document, usesMetadata ? allMetadata(metadata as ValueObject) : NO_METADATA);
          return isOutputRaw ? rawContent(results) : contentOf(results);
        }),
      );
      if (isFailure(made)) return flagged(item, made, settings);
      return made ? { ...item, message: { ...item.message, content: made } } : [];
    }),
  ];
}

function filterOf({ options, position, path }: ProcessorSettings): JqFilter {
  try {
    return compileJq(options['query'] as string);
  } catch (error) {
    if (!(error instanceof JqSyntaxError)) throw error;
    throw new ProcessorConfigError(position, path, `bad jq query: ${error.message}`, error);
  }
}

const contentOf = (results: Value[]): Uint8Array | undefined =>
  results.length === 0 ? undefined : documentContent(results.length === 1 ? results[0]! : results).bytes;

/** Texts as they are, one behind the other. */
const rawContent = (results: readonly Value[]): Uint8Array | undefined =>
  results.length === 0
    ? undefined
    : encodeText(results.map((result) => (typeof result === 'string' ? result : encodeJsonForHtml(result))).join(''));

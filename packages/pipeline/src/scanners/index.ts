import type { ComponentSettings } from '@sluice/config';
import { type ComponentContext, optionsOf } from '../component.ts';
import { ComponentConfigError } from '../errors.ts';
import { type AvroOptions, avro } from './avro.ts';
import { chunker } from './chunker.ts';
import { type CsvOptions, csv } from './csv.ts';
import { jsonArray, jsonDocuments } from './json.ts';
import { type LinesOptions, lines } from './lines.ts';
import type { Scanner } from './scanner.ts';
import { toTheEnd } from './to-the-end.ts';
import { byName, decompress, reMatch, skipBom, tar } from './wrapping.ts';

type BuildScanner = (settings: ComponentSettings, context: ComponentContext) => Scanner;

interface Wrapped {
  readonly into: ComponentSettings | undefined;
}

type Cases = readonly { readonly re_match_name: string; readonly scanner: ComponentSettings }[];

/** Every scanner there is, by the name of its type. */
export const scanners: Readonly<Record<string, BuildScanner>> = {
  avro: (settings) => avro(optionsOf<AvroOptions>(settings)),
  chunker: (settings) => chunker(optionsOf(settings)),
  csv: (settings, { logger }) => csv(optionsOf<CsvOptions>(settings), logger.child({ path: settings.path })),
  decompress: (settings, context) => {
    const { algorithm, into } = optionsOf<Wrapped & { readonly algorithm: string }>(settings);
    return decompress(algorithm, inner(into, context));
  },
  json_array: () => jsonArray,
  json_documents: (settings, { logger }) => jsonDocuments(logger.child({ path: settings.path })),
  lines: (settings) => lines(optionsOf<LinesOptions>(settings)),
  re_match: (settings) => reMatch(patternOf(optionsOf<{ readonly pattern: string }>(settings).pattern, 'g', settings)),
  skip_bom: (settings, context) => skipBom(inner(optionsOf<Wrapped>(settings).into, context)),
  switch: (settings, context) =>
    byName(
      optionsOf<Cases>(settings).map(({ re_match_name: name, scanner }) => ({
        pattern: patternOf(name, '', settings),
        scanner: context.scanner(scanner),
      })),
    ),
  tar: () => tar,
  to_the_end: () => toTheEnd,
};

/** What another scanner is handed to reads to the end where none is named. */
const inner = (into: ComponentSettings | undefined, context: ComponentContext): Scanner => (into ? context.scanner(into) : toTheEnd);

function patternOf(pattern: string, flags: string, settings: ComponentSettings): RegExp {
  try {
    return new RegExp(Buffer.from(pattern).toString(flags === 'g' ? 'latin1' : 'utf8'), flags);
  } catch (error) {
    throw new ComponentConfigError(settings, (error as Error).message, error);
  }
}

/** Where a component names no scanner. */
export const defaultScanner = (): Scanner => lines({ custom_delimiter: '', max_buffer_size: 65_536, omit_empty: false });

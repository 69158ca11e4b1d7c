import type { ComponentSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import { ComponentConfigError } from '../errors.ts';
import type { Scanner } from '../scanners/scanner.ts';
import { byName, multipart } from '../scanners/wrapping.ts';

export interface ScannerOptions {
  readonly scanner: ComponentSettings | undefined;
  readonly codec: string | undefined;
  readonly max_buffer: number;
}

/** The scanner that the options name, in either form; the older one is a text such as `gzip/csv` or `lines/multipart`. */
export function scannerOf(
  { scanner, codec, max_buffer: maxBytes }: ScannerOptions,
  settings: ComponentSettings,
  context: ComponentContext,
): Scanner {
  if (scanner || codec === undefined || codec === '') return context.scanner(scanner);
  const { path, position } = settings;
  const component = (type: string, options: unknown): ComponentSettings => ({
    label: undefined,
    processors: [],
    type,
    options,
    path,
    position,
  });
  const named = (text: string): ComponentSettings => {
    const [, algorithm, rest] = /^(gzip|pgzip|zlib|flate|bzip2|lz4|snappy|zstd)\/(.+)$/s.exec(text) ?? [];
    if (algorithm !== undefined) return component('decompress', { algorithm, into: named(rest!) });
    const [name = '', argument = ''] = text.split(/:(.*)/s);
    const options = OPTIONS[name]?.(argument, maxBytes);
    if (options) return component(...options);
    throw new ComponentConfigError(
      settings,
      `\`codec\`: expected one of ${Object.keys(OPTIONS).join(', ')}, found \`${codec}\`; or name a \`scanner\``,
    );
  };
  if (codec === 'auto')
    return byName([
      { pattern: /\.csv$/, scanner: context.scanner(named('csv')) },
      { pattern: /\.tar$/, scanner: context.scanner(named('tar')) },
      { pattern: /(?:)/, scanner: context.scanner(named('all-bytes')) },
    ]);
  const parts = /^(.*)\/multipart$/s.exec(codec);
  return parts ? multipart(context.scanner(named(parts[1]!))) : context.scanner(named(codec));
}

const csvOptions = (delimiter: string) => ({
  custom_delimiter: delimiter,
  parse_header_row: true,
  lazy_quotes: false,
  continue_on_error: false,
});

/** Scanner and options of each codec, by what stands behind its colon. */
const OPTIONS: Readonly<Record<string, (argument: string, maxBytes: number) => readonly [string, unknown]>> = {
  'all-bytes': () => ['to_the_end', {}],
  chunker: (size) => ['chunker', { size: Number(size) }],
  csv: (delimiter) => ['csv', csvOptions(delimiter)],
  delim: (delimiter, maxBytes) => ['lines', { custom_delimiter: delimiter, max_buffer_size: maxBytes, omit_empty: false }],
  lines: (_, maxBytes) => ['lines', { custom_delimiter: '', max_buffer_size: maxBytes, omit_empty: false }],
  regex: (pattern) => ['re_match', { pattern }],
  tar: () => ['tar', {}],
};

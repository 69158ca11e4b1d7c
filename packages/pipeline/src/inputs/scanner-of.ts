import type { ComponentSettings } from '@sluice/config';
import type { ComponentContext } from '../component.ts';
import { ComponentConfigError } from '../errors.ts';
import type { Scanner } from '../scanners/scanner.ts';

export interface ScannerOptions {
  readonly scanner: ComponentSettings | undefined;
  readonly codec: string | undefined;
  readonly max_buffer: number;
}

const defaults = { label: undefined, processors: [] };

/** The scanner that the options name, in either form. */
export function scannerOf(
  { scanner, codec, max_buffer: maxBytes }: ScannerOptions,
  settings: ComponentSettings,
  context: ComponentContext,
): Scanner {
  if (scanner || codec === undefined) return context.scanner(scanner);
  const named = (type: string, options: unknown): Scanner =>
    context.scanner({ ...defaults, type, options, path: settings.path, position: settings.position });
  if (codec === 'lines') return named('lines', { custom_delimiter: '', max_buffer_size: maxBytes, omit_empty: false });
  if (codec === 'all-bytes') return named('to_the_end', {});
  if (codec.startsWith('delim:'))
    return named('lines', { custom_delimiter: codec.slice('delim:'.length), max_buffer_size: maxBytes, omit_empty: false });
  throw new ComponentConfigError(settings, `Sluice has no codec \`${codec}\`; name a \`scanner\` in place of it`);
}

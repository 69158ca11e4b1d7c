import type { DestinationStream } from 'pino';
import { type Renaming, renamed } from './field-names.ts';
import { valueText } from './value-text.ts';

/** Writes pino's JSON lines as `level=warn time=… key=value msg="…"`. */
export const logfmtLines = (to: DestinationStream, settings: Renaming): DestinationStream => ({
  write: (line) => {
    const fields = Object.entries(renamed(line, settings)).map(([name, value]) => `${name}=${valueText(value)}`);
    to.write(`${fields.join(' ')}\n`);
  },
});

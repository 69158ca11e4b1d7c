import type { ComponentSettings } from '@sluice/config';
import { ComponentConfigError } from '../errors.ts';

/** How messages stand in a stream of bytes. */
export interface Codec {
  /** What ends a message that does not end with it already. */
  readonly delimiter: Uint8Array;
  /** Each message replaces what was there. */
  readonly replaces: boolean;
}

const LINE_BREAK = Buffer.from('\n');
const NOTHING = new Uint8Array();

export function codecOf(name: string, settings: ComponentSettings): Codec {
  if (name === 'lines') return { delimiter: LINE_BREAK, replaces: false };
  if (name === 'append') return { delimiter: NOTHING, replaces: false };
  if (name === 'all-bytes') return { delimiter: NOTHING, replaces: true };
  if (name.startsWith('delim:') && name.length > 'delim:'.length)
    return { delimiter: Buffer.from(name.slice('delim:'.length)), replaces: false };
  throw new ComponentConfigError(settings, `\`codec\`: expected \`lines\`, \`delim:x\`, \`append\` or \`all-bytes\`, found \`${name}\``);
}

/** The bytes of a message as a codec writes it. */
export function encode(content: Uint8Array, { delimiter }: Codec): Uint8Array {
  if (delimiter.length === 0 || Buffer.from(content.subarray(-delimiter.length)).equals(delimiter)) return content;
  return Buffer.concat([content, delimiter]);
}

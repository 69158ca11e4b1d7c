/** Words that are safe without quotes, in block and flow style, single blanks between them. */
const PLAIN = /^[\w$./][\w$./:@+%=-]*( [\w$./+(=][\w$./:@+%=()-]*)*$/;
/** What a YAML 1.1 or 1.2 reader takes for something else than a text. */
const OTHER_TYPE = /^(null|true|false|yes|no|on|off|y|n|[-+]?\.?\d[\d_.:e+x]*(-\d\d.*)?|0x[\da-f]+|[-+]?\.(inf|nan))$/i;
const NUMBER_OR_FLAG = /^(true|false|-?(0|[1-9]\d*)(\.\d+)?)$/;

/** A text as a YAML scalar on one line; quoted where it would be read as something else. */
export function quotedIfNeeded(text: string): string {
  if (PLAIN.test(text) && !OTHER_TYPE.test(text) && !/:( |$)/.test(text)) return text;
  return text.includes('"') && !/['\p{Cc}]/u.test(text) ? `'${text}'` : JSON.stringify(text);
}

/** As {@link quotedIfNeeded}, for a value whose type is unknown: what looks like a number or `true` is one. */
export const scalarText = (value: string): string => (NUMBER_OR_FLAG.test(value) ? value : quotedIfNeeded(value));

/** A JSON value in YAML's flow style, on one line. */
export function flowText(value: unknown): string {
  if (typeof value === 'string') return quotedIfNeeded(value);
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).map(([key, item]) => `${quotedIfNeeded(key)}: ${flowText(item)}`);
  return `{${fields.join(', ')}}`;
}

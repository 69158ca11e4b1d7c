const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' };
const REFERENCE = /&(?:#(?:x([0-9a-fA-F]+)|([0-9]+))|([^\0-\u007f]+|[A-Za-z0-9_:.-]+));/y;

/** Line breaks become one character; what is no reference stays as it is. */
export function resolveReferences(raw: string): string {
  const text = raw.replace(/\r\n?/g, '\n');
  let resolved = '';
  let start = 0;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) {
    REFERENCE.lastIndex = at;
    const reference = REFERENCE.exec(text);
    const character = reference === null ? undefined : characterOf(reference);
    if (character === undefined) continue;
    resolved += text.slice(start, at) + character;
    start = at + reference![0].length;
  }
  return resolved + text.slice(start);
}

function characterOf([, hex, decimal, name]: RegExpExecArray): string | undefined {
  if (name !== undefined) return Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (code > 0x10ffff) return undefined;
  return code >= 0xd800 && code < 0xe000 ? '\ufffd' : String.fromCodePoint(code);
}

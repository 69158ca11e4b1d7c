import { checkDepth, decodeText, hasOnlyExactNumbers, hasSurrogateEscape, parseJson, type Value } from '@sluice/values';
import type { ReadPath } from '../query/read-path.ts';

/**
 * The content of a message, parsed. `JSON.parse` reads everything right but unusual numbers and broken escapes;
 * whether there are any is found out only when something is asked for that could be one. So picking a text costs a plain parse.
 */
export class ParsedDocument {
  private readonly text: string;
  private readonly plain: Value | undefined;
  private exact: Value | undefined;

  /** Throws `BloblangError` if the content is not one JSON document. */
  constructor(content: Uint8Array) {
    this.text = decodeText(content);
    this.plain = parsePlain(this.text);
    if (this.plain === undefined) this.exact = parseJson(this.text);
  }

  value(): Value {
    if (this.exact === undefined) this.exact = this.isPlainExact() ? this.plain! : parseJson(this.text);
    return this.exact;
  }

  field(read: ReadPath): Value {
    if (this.exact === undefined) {
      const picked = read(this.plain!);
      if (isCertain(picked)) return picked;
    }
    return read(this.value());
  }

  private isPlainExact(): boolean {
    return hasOnlyExactNumbers(this.text) && !hasSurrogateEscape(this.text);
  }
}

function parsePlain(text: string): Value | undefined {
  if (!text.isWellFormed()) return undefined;
  try {
    const document = JSON.parse(text) as Value;
    checkDepth(text, document);
    return document;
  } catch {
    return undefined;
  }
}

/** Whether a value of a plain parse is what the exact one would give. */
const isCertain = (value: Value): boolean =>
  typeof value === 'string' ? value.isWellFormed() : typeof value === 'boolean' || value === null;

/** Scanners of JSON, which write documents anew: keys sorted, numbers as numbers. */
import { documentContent } from '@sluice/bloblang';
import type { Logger } from '@sluice/core';
import type { Value } from '@sluice/values';
import { SourceMalformedError } from './errors.ts';
import { type Bytes, collect, messageOf, type Scanner } from './scanner.ts';

/** A message for each document, whatever space is between them. A document that is broken ends its source, with a line in the log. */
export const jsonDocuments = (logger: Logger): Scanner =>
  async function* (bytes, name) {
    try {
      for await (const text of documentTexts(bytes)) yield [messageIn(JSON.parse(text) as Value)];
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      logger.error('a JSON document is broken: what is left of its source is not read', { source: name, reason: error.message });
    }
  };

/** A message for each element of the one list that a source is. */
export const jsonArray: Scanner = async function* (bytes) {
  const text = (await collect(bytes, 'json_array')).toString();
  let elements: unknown;
  try {
    elements = JSON.parse(text);
  } catch (error) {
    throw new SourceMalformedError(`expected a JSON list: ${(error as Error).message}`, { cause: error });
  }
  if (!Array.isArray(elements)) throw new SourceMalformedError(`expected a JSON list, found ${text.trimStart()[0] ?? 'nothing'}`);
  for (const element of elements as Value[]) yield [messageIn(element)];
};

const messageIn = (document: Value) => messageOf(documentContent(document).bytes);

async function* documentTexts(bytes: Bytes): AsyncIterable<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of bytes) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = endOfDocument(text); end !== undefined; end = endOfDocument(text)) {
      yield text.slice(0, end);
      text = text.slice(end);
    }
  }
  text += decoder.decode();
  while (text.trim() !== '') {
    const end = endOfDocument(text) ?? text.length;
    yield text.slice(0, end);
    text = text.slice(end);
  }
}

/** Where the first document ends; `undefined` where the text may not hold all of it. Whether it is right is left to the parser. */
function endOfDocument(text: string): number | undefined {
  const start = text.search(/\S/);
  if (start < 0) return undefined;
  if (!'{["'.includes(text[start]!)) {
    const length = text.slice(start).search(/[\s{["]/);
    return length < 0 ? undefined : start + Math.max(1, length);
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      at = endOfString(text, at + 1);
      if (at < 0) return undefined;
    } else if ('{['.includes(character)) depth++;
    else if ('}]'.includes(character)) depth--;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

/** The quote that ends a text; -1 where there is none yet. */
function endOfString(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return -1;
}

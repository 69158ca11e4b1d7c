import type { Message } from '../compile/context.ts';
import { BloblangError } from '../value/errors.ts';
import { parseJson } from '../value/json-parse.ts';
import type { Value } from '../value/kinds.ts';
import { decodeText } from '../value/text.ts';

/** Thrown when a message has no content to parse. */
export class EmptyMessageError extends BloblangError {
  constructor() {
    super('target message part does not exist');
  }
}

interface Document {
  readonly content: Uint8Array;
  readonly value: Value;
}

/** Documents of messages that others of their batch asked for, so that `from_all()` parses each message once. */
const documentsOf = new WeakMap<readonly Message[], Map<number, Document>>();

/** The content of a message as a structured value. Throws `BloblangError`. */
export function parseDocument(content: Uint8Array): Value {
  if (content.length === 0) throw new EmptyMessageError();
  return parseJson(decodeText(content));
}

/** As {@link parseDocument}, for a message that another one of its batch looks at. */
export function sharedDocument(batch: readonly Message[], index: number): Value {
  const message = batch[index];
  if (message === undefined) throw new EmptyMessageError();
  let documents = documentsOf.get(batch);
  if (documents === undefined) {
    documents = new Map();
    documentsOf.set(batch, documents);
  }
  const known = documents.get(index);
  if (known?.content === message.content) return known.value;
  const value = parseDocument(message.content);
  documents.set(index, { content: message.content, value });
  return value;
}

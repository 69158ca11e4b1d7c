import { BloblangError } from '@sluice/values';
import type { Message } from '../query/context.ts';
import { JsonDocument } from './json-document.ts';

/** Thrown when a message has no content to parse. */
export class EmptyMessageError extends BloblangError {
  constructor() {
    super('target message part does not exist');
  }
}

interface SharedDocument {
  readonly content: Uint8Array;
  readonly document: JsonDocument;
}

/** Documents of messages that others of their batch asked for, so that `from_all()` parses each message once. */
const documentsOf = new WeakMap<readonly Message[], Map<number, SharedDocument>>();

/** The content of a message as a document. Throws `BloblangError`. */
export function openDocument(content: Uint8Array, wants: 'fields' | 'all' = 'all'): JsonDocument {
  if (content.length === 0) throw new EmptyMessageError();
  return wants === 'all' ? JsonDocument.parse(content) : JsonDocument.scan(content);
}

/** As {@link openDocument}, for a message that another one of its batch looks at. */
export function sharedDocument(batch: readonly Message[], index: number): JsonDocument {
  const message = batch[index];
  if (message === undefined) throw new EmptyMessageError();
  let documents = documentsOf.get(batch);
  if (documents === undefined) {
    documents = new Map();
    documentsOf.set(batch, documents);
  }
  const known = documents.get(index);
  if (known?.content === message.content) return known.document;
  const document = openDocument(message.content, 'fields');
  documents.set(index, { content: message.content, document });
  return document;
}

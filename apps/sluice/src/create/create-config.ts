import type { Dialect } from './dialect.ts';
import { renderDocument } from './render-document.ts';
import { startingDocuments } from './starting-documents.ts';

/** A configuration to begin with, as commented YAML; made of the schemas, so that it says what this version reads. */
export const createConfig = (dialect: Dialect, isFull: boolean): string =>
  startingDocuments(dialect, isFull)
    .map((document) => renderDocument(document, isFull && !document.isAside))
    .join('---\n');

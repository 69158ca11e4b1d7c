import type { Edit, Path, Value } from '@sluice/values';
import type { Draft } from '../query/context.ts';
import type { JsonDocument } from './json-document.ts';

/** A scanned document with edits of fields whose objects are there. */
export class DocumentDraft implements Draft {
  readonly edits: Edit[] = [];
  private readonly document: JsonDocument;

  constructor(document: JsonDocument) {
    this.document = document;
  }

  edit(path: Path, value: Value): boolean {
    const isBelowAnother = this.edits.some(
      (edit) => edit.path.length < path.length && edit.path.every((key, depth) => key === path[depth]),
    );
    if (isBelowAnother || !this.document.isScanned || !this.document.canEdit(path)) return false;
    this.edits.push({ path, value });
    return true;
  }

  original(): Value {
    return this.document.value();
  }

  write(): Uint8Array | undefined {
    return this.document.write(this.edits);
  }
}

import { SluiceError } from '@sluice/core';

/** What another application left cannot be read, or does not belong to the stream. Nothing was changed. */
export class CheckpointImportError extends SluiceError {
  readonly code = 'CHECKPOINT_IMPORT_INVALID';
  readonly disposition = 'fatal';
}

/** DynamoDB did not answer what a table holds. Nothing was changed. */
export class CheckpointTableError extends SluiceError {
  readonly code = 'CHECKPOINT_TABLE_UNREADABLE';
  readonly disposition = 'fatal';

  constructor(table: string, cause: unknown) {
    const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`table ${table} could not be read: ${text}`, { cause, details: { table } });
  }
}

import type { BoardSettings } from '@sluice/config';
import type { SluiceRecord } from '@sluice/core';
import { BoardRefusalError } from '../security/errors.ts';

/**
 * The data of a record in base64, where they are asked for.
 * @throws {BoardRefusalError} this board shows none
 */
export function recordData({ data }: SluiceRecord, isAsked: boolean, { payloads }: BoardSettings): { readonly data?: string } {
  if (!isAsked) return {};
  if (!payloads)
    throw new BoardRefusalError(
      403,
      'PAYLOADS_HIDDEN',
      'expected a board that shows the data of records, found one without sluice.board.payloads',
    );
  return { data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
}

import { documentContent, type Message } from '@sluice/bloblang';
import type { Logger } from '@sluice/core';
import { BloblangError, type Value } from '@sluice/values';
import { type CsvRecord, csvRecords } from './csv-records.ts';
import { messageOf, type Scanner } from './scanner.ts';

export interface CsvOptions {
  readonly custom_delimiter: string;
  readonly parse_header_row: boolean;
  readonly lazy_quotes: boolean;
  readonly continue_on_error: boolean;
}

/**
 * A document for each row, of texts by the names in the first row; without such a row, a list. A row that cannot be read, or has too few or too
 * many fields, is skipped with a line in the log; with `continue_on_error` it is a message that has failed.
 */
export const csv = (options: CsvOptions, logger: Logger): Scanner =>
  async function* (bytes) {
    const format = { delimiter: options.custom_delimiter || ',', allowsLazyQuotes: options.lazy_quotes };
    let header: readonly string[] | undefined;
    let [width, row] = [-1, 0];
    for await (const record of csvRecords(bytes, format)) {
      const problem = problemOf(record, width);
      if (!(record instanceof BloblangError) && width < 0) width = record.length;
      if (!problem && options.parse_header_row && !header) {
        header = record as readonly string[];
        continue;
      }
      const message = messageOf(contentOf(record, header), { csv_row: row++ });
      if (!problem) yield [message];
      else if (options.continue_on_error) yield [failed(message, problem)];
      else logger.error('row of a CSV source skipped', { row: row - 1, reason: problem });
    }
  };

function problemOf(record: CsvRecord, width: number): string | undefined {
  if (record instanceof BloblangError) return record.message;
  return width >= 0 && record.length !== width ? `wrong number of fields: expected ${width}, found ${record.length}` : undefined;
}

export function contentOf(record: CsvRecord, header: readonly string[] | undefined): Uint8Array {
  if (record instanceof BloblangError) return new Uint8Array();
  if (!header) return documentContent([...record]).bytes;
  const named = record.slice(0, header.length).map((value, place): [string, Value] => [header[place]!, value]);
  return documentContent(Object.fromEntries(named)).bytes;
}

const failed = (message: Message, reason: string): Message => ({ ...message, failure: { message: reason } });

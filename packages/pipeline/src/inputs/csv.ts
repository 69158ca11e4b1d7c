import type { Message } from '@sluice/bloblang';
import type { Logger } from '@sluice/core';
import { BloblangError } from '@sluice/values';
import { type BuildInput, optionsOf } from '../component.ts';
import { contentOf } from '../scanners/csv.ts';
import { csvRecords } from '../scanners/csv-records.ts';
import { messageOf, type Scanner } from '../scanners/scanner.ts';
import { readFiles } from './read-files.ts';

interface CsvOptions {
  readonly paths: readonly string[];
  readonly parse_header_row: boolean;
  readonly delimiter: string;
  readonly lazy_quotes: boolean;
  readonly delete_on_finish: boolean;
  readonly batch_count: number;
}

/** `csv`: the rows of CSV files. A row that is shorter than the first lacks the names at its end. */
export const csv: BuildInput = (settings, context) => {
  const options = optionsOf<CsvOptions>(settings);
  const logger = context.logger.child({ path: settings.path });
  return readFiles({ paths: options.paths, deletes: options.delete_on_finish, scanner: rows(options, logger) }, settings, context);
};

const rows = (
  { delimiter, lazy_quotes: allowsLazyQuotes, parse_header_row: hasHeader, batch_count: size }: CsvOptions,
  logger: Logger,
): Scanner =>
  async function* (bytes, name) {
    let header: readonly string[] | undefined;
    let batch: Message[] = [];
    for await (const record of csvRecords(bytes, { delimiter, allowsLazyQuotes })) {
      if (record instanceof BloblangError) logger.error('row of a CSV file skipped', { file: name, reason: record.message });
      else if (hasHeader && !header) header = record;
      else {
        if (header && record.length > header.length)
          logger.warn('row of a CSV file has more fields than names: they are left out', { file: name });
        batch.push(messageOf(contentOf(record, header), header ? { header } : {}));
      }
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  };

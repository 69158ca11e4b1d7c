/** The records of a CSV stream, one at a time. */
import { readCsv } from '@sluice/codecs';
import { BloblangError } from '@sluice/values';
import type { Bytes } from './scanner.ts';

export interface CsvFormat {
  /** One character. */
  readonly delimiter: string;
  readonly allowsLazyQuotes: boolean;
}

/** A record, or why its lines are none. */
export type CsvRecord = readonly string[] | BloblangError;

/** Longest record, in characters. */
const MAX_LENGTH = 16 * 1024 * 1024;

export async function* csvRecords(bytes: Bytes, format: CsvFormat): AsyncIterable<CsvRecord> {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  for await (const chunk of bytes) {
    text += decoder.decode(chunk, { stream: true });
    const { records, rest } = take(text, format, false);
    yield* records;
    text = rest;
  }
  yield* take(text + decoder.decode(), format, true).records;
}

function take(text: string, format: CsvFormat, isLast: boolean): { records: CsvRecord[]; rest: string } {
  const records: CsvRecord[] = [];
  let start = 0;
  for (;;) {
    const end = endOfRecord(text, start, format);
    if (end === undefined && !(isLast || text.length - start > MAX_LENGTH)) break;
    const record = start < text.length ? parse(text.slice(start, end), format) : undefined;
    if (record) records.push(record);
    if (end === undefined) return { records, rest: '' };
    start = end;
  }
  return { records, rest: text.slice(start) };
}

/** `undefined` for an empty line. */
function parse(text: string, format: CsvFormat): CsvRecord | undefined {
  try {
    return readCsv(text, format)[0];
  } catch (error) {
    if (error instanceof BloblangError) return error;
    throw error;
  }
}

/** Where the record that begins at `start` ends, its line break included; `undefined` where the text does not tell. A stray quote ends it with its line. */
function endOfRecord(text: string, start: number, { delimiter, allowsLazyQuotes }: CsvFormat): number | undefined {
  let at = start;
  for (;;) {
    if (text[at] === '"') {
      at = endOfQuotes(text, at + 1, delimiter, allowsLazyQuotes);
      if (at < 0) return undefined;
    }
    const [lineBreak, next] = [text.indexOf('\n', at), text.indexOf(delimiter, at)];
    if (lineBreak < 0) return undefined;
    if (next < 0 || lineBreak < next) return lineBreak + 1;
    at = next + 1;
  }
}

/** Behind the quote that closes a field; -1 where there is none yet. */
function endOfQuotes(text: string, start: number, delimiter: string, allowsLazyQuotes: boolean): number {
  for (let at = text.indexOf('"', start); at >= 0; at = text.indexOf('"', at + 1)) {
    const following = text[at + 1];
    if (following === undefined) return -1;
    if (following === '"') at++;
    else if (!allowsLazyQuotes || [delimiter, '\n', '\r'].includes(following)) return at + 1;
  }
  return -1;
}

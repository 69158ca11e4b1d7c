import { BloblangError, byteLength } from '@sluice/values';

interface CsvOptions {
  /** One character. */
  readonly delimiter: string;
  /** Quotes may stand within a field, and single ones within a quoted field. */
  readonly allowsLazyQuotes: boolean;
}

/** The records of a CSV text (RFC 4180); empty lines are none. Throws BloblangError with the words of Go's reader. */
export function readCsv(text: string, options: CsvOptions): string[][] {
  const { delimiter } = options;
  if (/^["\r\n\0\ufffd\ud800-\udfff]$/.test(delimiter)) throw new BloblangError('csv: invalid field or comment delimiter');
  const reader = new CsvReader(text, options);
  const records: string[][] = [];
  for (let record = reader.record(); record !== undefined; record = reader.record()) {
    if (record.length !== (records[0] ?? record).length) {
      throw new BloblangError(`record on line ${reader.recordLine}: wrong number of fields`);
    }
    records.push(record);
  }
  return records;
}

const QUOTE = 0x22;
const CARRIAGE_RETURN = 0x0d;

class CsvReader {
  /** The number of the line that the record at hand began on. */
  recordLine = 0;

  private readonly text: string;
  private readonly options: CsvOptions;
  /** Where the next line begins. */
  private position = 0;
  private lineNumber = 0;
  private line = '';
  /** Where in the line the rest of it begins. */
  private column = 0;
  /** Whether the field read last ends the record. */
  private isLast = false;

  constructor(text: string, options: CsvOptions) {
    this.text = text;
    this.options = options;
  }

  record(): string[] | undefined {
    do {
      if (!this.nextLine()) return undefined;
    } while (this.line === '' || this.line === '\n');
    this.recordLine = this.lineNumber;
    const fields: string[] = [];
    this.isLast = false;
    while (!this.isLast) fields.push(this.line.charCodeAt(this.column) === QUOTE ? this.quotedField() : this.plainField());
    return fields;
  }

  /** Goes to the next line, its line break included; CR LF counts as LF, and a CR at the very end is dropped. */
  private nextLine(): boolean {
    this.line = '';
    this.column = 0;
    this.lineNumber++;
    if (this.position >= this.text.length) return false;
    const { text, position } = this;
    const lineBreak = text.indexOf('\n', position);
    const end = lineBreak < 0 ? text.length : lineBreak;
    this.position = lineBreak < 0 ? end : end + 1;
    const endsWithReturn = end > position && text.charCodeAt(end - 1) === CARRIAGE_RETURN;
    this.line = endsWithReturn ? text.slice(position, end - 1) + (lineBreak < 0 ? '' : '\n') : text.slice(position, this.position);
    return true;
  }

  private plainField(): string {
    const { delimiter, allowsLazyQuotes } = this.options;
    const { line, column } = this;
    const end = line.indexOf(delimiter, column);
    const field = line.slice(column, end < 0 ? (line.endsWith('\n') ? -1 : undefined) : end);
    if (!allowsLazyQuotes && field.includes('"')) throw this.failure('bare " in non-quoted-field', column + field.indexOf('"'));
    this.column = end + delimiter.length;
    this.isLast = end < 0;
    return field;
  }

  private quotedField(): string {
    const { delimiter, allowsLazyQuotes } = this.options;
    let field = '';
    this.column++;
    for (;;) {
      const quote = this.line.indexOf('"', this.column);
      if (quote < 0) {
        field += this.line.slice(this.column);
        const { lineNumber, line } = this;
        if (this.nextLine() && this.line !== '') continue;
        if (allowsLazyQuotes) return this.last(field);
        throw this.failureAt('extraneous or missing " in quoted-field', lineNumber, byteLength(line) + 1);
      }
      field += this.line.slice(this.column, quote);
      this.column = quote + 1;
      if (this.line.charCodeAt(this.column) === QUOTE) {
        field += '"';
        this.column++;
      } else if (this.line.startsWith(delimiter, this.column)) {
        this.column += delimiter.length;
        return field;
      } else if (this.column >= this.line.length || this.line[this.column] === '\n') {
        return this.last(field);
      } else if (allowsLazyQuotes) {
        field += '"';
      } else {
        throw this.failure('extraneous or missing " in quoted-field', quote);
      }
    }
  }

  private last(field: string): string {
    this.isLast = true;
    return field;
  }

  private failure(problem: string, index: number): BloblangError {
    return this.failureAt(problem, this.lineNumber, byteLength(this.line.slice(0, index)) + 1);
  }

  private failureAt(problem: string, line: number, column: number): BloblangError {
    const start = this.recordLine === line ? '' : `record on line ${this.recordLine}; `;
    return new BloblangError(`${start}parse error on line ${line}, column ${column}: ${problem}`);
  }
}

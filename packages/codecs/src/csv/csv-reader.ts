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
    for (;;) {
      const { field, isLast } = this.line[this.column] === '"' ? this.quotedField() : this.plainField();
      fields.push(field);
      if (isLast) return fields;
    }
  }

  /** Goes to the next line, its line break included; CR LF counts as LF, and a CR at the very end is dropped. */
  private nextLine(): boolean {
    this.line = '';
    this.column = 0;
    this.lineNumber++;
    if (this.position >= this.text.length) return false;
    const end = this.text.indexOf('\n', this.position);
    this.line = end < 0 ? this.text.slice(this.position) : this.text.slice(this.position, end + 1);
    this.position += this.line.length;
    this.line = end < 0 ? this.line.replace(/\r$/, '') : this.line.replace(/\r\n$/, '\n');
    return true;
  }

  private plainField(): { field: string; isLast: boolean } {
    const { delimiter, allowsLazyQuotes } = this.options;
    const end = this.line.indexOf(delimiter, this.column);
    const field = end < 0 ? this.line.slice(this.column).replace(/\n$/, '') : this.line.slice(this.column, end);
    const quote = field.indexOf('"');
    if (quote >= 0 && !allowsLazyQuotes) throw this.failure('bare " in non-quoted-field', this.column + quote);
    this.column = end + delimiter.length;
    return { field, isLast: end < 0 };
  }

  private quotedField(): { field: string; isLast: boolean } {
    const { delimiter, allowsLazyQuotes } = this.options;
    let field = '';
    this.column++;
    for (;;) {
      const quote = this.line.indexOf('"', this.column);
      if (quote < 0) {
        field += this.line.slice(this.column);
        const { lineNumber, line } = this;
        if (this.nextLine() && this.line !== '') continue;
        if (allowsLazyQuotes) return { field, isLast: true };
        throw this.failureAt('extraneous or missing " in quoted-field', lineNumber, byteLength(line) + 1);
      }
      field += this.line.slice(this.column, quote);
      this.column = quote + 1;
      const rest = this.line.slice(this.column, this.column + delimiter.length);
      if (this.line[this.column] === '"') {
        field += '"';
        this.column++;
      } else if (rest === delimiter) {
        this.column += delimiter.length;
        return { field, isLast: false };
      } else if (this.column >= this.line.length || this.line[this.column] === '\n') {
        return { field, isLast: true };
      } else if (allowsLazyQuotes) {
        field += '"';
      } else {
        throw this.failure('extraneous or missing " in quoted-field', quote);
      }
    }
  }

  private failure(problem: string, index: number): BloblangError {
    return this.failureAt(problem, this.lineNumber, byteLength(this.line.slice(0, index)) + 1);
  }

  private failureAt(problem: string, line: number, column: number): BloblangError {
    const start = this.recordLine === line ? '' : `record on line ${this.recordLine}; `;
    return new BloblangError(`${start}parse error on line ${line}, column ${column}: ${problem}`);
  }
}

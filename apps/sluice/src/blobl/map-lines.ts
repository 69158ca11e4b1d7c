import type { Mapping, MappingOutcome } from '@sluice/bloblang';
import { encodeJsonIndented, parseJson } from '@sluice/values';
import { type Line, LineSplitter } from './line-splitter.ts';

export interface MapLinesOptions {
  readonly mapping: Mapping;
  readonly input: AsyncIterable<Uint8Array>;
  /** `this` is the line as bytes instead of its document. */
  readonly isRaw: boolean;
  /** Documents are written on several lines. */
  readonly isPretty: boolean;
  readonly maxLineBytes: number;
  /** Takes whole lines of output; resolves once there is room for more. */
  readonly write: (output: Uint8Array) => Promise<void>;
  readonly reportError: (text: string) => void;
}

/** Output that is collected before it is written, though never beyond the end of a chunk of input. */
const WRITE_BYTES = 256 * 1024;
const LINE_BREAK = Buffer.from('\n');

/**
 * Runs a mapping on each line of a stream and writes each new message as a line. A message that is dropped writes nothing; one that
 * fails, or that JSON cannot say, is reported with the number of its line, and the next one goes on. Resolves to the number of lines that failed.
 */
export async function mapLines(options: MapLinesOptions): Promise<number> {
  const splitter = new LineSplitter(options.maxLineBytes);
  const mapper = new LineMapper(options);
  for await (const chunk of options.input) await mapper.mapAll(splitter.push(chunk));
  await mapper.mapAll(splitter.end());
  return mapper.failures;
}

class LineMapper {
  failures = 0;
  private readonly options: MapLinesOptions;
  private lineNumber = 0;
  private output: Uint8Array[] = [];
  private outputBytes = 0;

  constructor(options: MapLinesOptions) {
    this.options = options;
  }

  async mapAll(lines: Iterable<Line>): Promise<void> {
    for (const line of lines) {
      this.map(line);
      if (this.outputBytes >= WRITE_BYTES) await this.flush();
    }
    await this.flush();
  }

  private map(line: Line): void {
    const { mapping, isRaw, isPretty, maxLineBytes } = this.options;
    this.lineNumber++;
    if (!(line instanceof Uint8Array)) {
      this.fail(`${line.byteSize} bytes, more than the ${maxLineBytes} that a line may have`);
      return;
    }
    const outcome = runOn(mapping, line, isRaw);
    if (outcome.kind === 'failed') this.fail(`failed to execute map: ${outcome.error.message}`);
    if (outcome.kind !== 'mapped') return;
    if (outcome.loss) {
      this.fail(`failed to write the new message: ${outcome.loss.message}`);
      return;
    }
    const content = isPretty ? indented(outcome.message.content) : outcome.message.content;
    this.output.push(content, LINE_BREAK);
    this.outputBytes += content.length;
  }

  private fail(reason: string): void {
    this.failures++;
    this.options.reportError(`line ${this.lineNumber}: ${reason}`);
  }

  private async flush(): Promise<void> {
    if (this.output.length === 0) return;
    const bytes = Buffer.concat(this.output);
    this.output = [];
    this.outputBytes = 0;
    await this.options.write(bytes);
  }
}

function runOn(mapping: Mapping, content: Uint8Array, isRaw: boolean): MappingOutcome {
  const batch = [{ content, metadata: {} }];
  return isRaw ? mapping.mapRaw(batch, 0) : mapping.map(batch, 0);
}

/** A document on several lines; what is no document stays as it is. */
export function indented(content: Uint8Array): Uint8Array {
  const text = Buffer.from(content.buffer, content.byteOffset, content.length).toString();
  if (!/^\s*[[{]/.test(text)) return content;
  try {
    return Buffer.from(encodeJsonIndented(parseJson(text), '  ', false));
  } catch {
    return content;
  }
}

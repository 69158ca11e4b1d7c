/** A line that is longer than lines may be; only its length is known. */
export interface OverlongLine {
  readonly byteSize: number;
}

export type Line = Uint8Array | OverlongLine;

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Cuts a stream of bytes into lines. It never holds more than one line of the greatest length. */
export class LineSplitter {
  private readonly maxLineBytes: number;
  private pieces: Uint8Array[] = [];
  private byteSize = 0;

  constructor(maxLineBytes: number) {
    this.maxLineBytes = maxLineBytes;
  }

  /** The lines that end within a chunk. */
  *push(chunk: Uint8Array): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.keep(chunk.subarray(start, end));
      yield this.take();
      start = end + 1;
    }
    this.keep(chunk.subarray(start));
  }

  /** What is left when the stream has ended without a line break. */
  *end(): Generator<Line> {
    if (this.byteSize > 0) yield this.take();
  }

  private keep(piece: Uint8Array): void {
    this.byteSize += piece.length;
    if (this.byteSize > this.maxLineBytes) this.pieces = [];
    else if (piece.length > 0) this.pieces.push(piece);
  }

  private take(): Line {
    const { byteSize, pieces } = this;
    this.pieces = [];
    this.byteSize = 0;
    if (byteSize > this.maxLineBytes) return { byteSize };
    const line = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
    return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
  }
}

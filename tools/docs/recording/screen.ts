/** A character that is shown, with the colour that was in force: an index of the palette, or none. */
interface Cell {
  readonly text: string;
  readonly style: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what a terminal is told with
const SEQUENCE = /\x1b\[([?\d;]*)([A-Za-z])|\x1b[()][A-Z0-9]|\x1b[=>]|\r|\n|\x08|\x07|[^\x1b\r\n\x08\x07]/gu;

/** As much of a terminal as a command needs that redraws its last lines: text, colours, moving up, erasing. It scrolls. */
export class Screen {
  readonly #columns: number;
  readonly #rows: number;
  #lines: Cell[][] = [[]];
  #row = 0;
  #column = 0;
  #style = '';

  constructor(columns: number, rows: number) {
    this.#columns = columns;
    this.#rows = rows;
  }

  write(output: string): void {
    for (const [symbol, parameters = '', command] of output.matchAll(SEQUENCE)) {
      if (command !== undefined) this.#control(command, parameters);
      else if (symbol === '\r') this.#column = 0;
      else if (symbol === '\n') this.#lineFeed();
      else if (symbol === '\x08') this.#column = Math.max(0, this.#column - 1);
      else if (symbol >= ' ') this.#put(symbol);
    }
  }

  /** What is seen: for each row its text in pieces of one style. */
  lines(): { text: string; style: string }[][] {
    return this.#lines.map((cells) => {
      const pieces: { text: string; style: string }[] = [];
      for (const cell of cells) {
        const { text = ' ', style = '' } = cell ?? {};
        const last = pieces.at(-1);
        if (last?.style === style) last.text += text;
        else pieces.push({ text, style });
      }
      return pieces;
    });
  }

  #put(text: string): void {
    if (this.#column === this.#columns) {
      this.#column = 0;
      this.#lineFeed();
    }
    const line = this.#lines[this.#row]!;
    while (line.length < this.#column) line.push({ text: ' ', style: '' });
    line[this.#column++] = { text, style: this.#style };
  }

  #lineFeed(): void {
    this.#row++;
    if (this.#row === this.#lines.length) this.#lines.push([]);
    if (this.#lines.length <= this.#rows) return;
    this.#lines.shift();
    this.#row--;
  }

  #control(command: string, parameters: string): void {
    const count = Number.parseInt(parameters, 10) || 0;
    if (command === 'A') this.#row = Math.max(0, this.#row - (count || 1));
    else if (command === 'B') this.#row = Math.min(this.#lines.length - 1, this.#row + (count || 1));
    else if (command === 'C') this.#column = Math.min(this.#columns, this.#column + (count || 1));
    else if (command === 'D') this.#column = Math.max(0, this.#column - (count || 1));
    else if (command === 'G') this.#column = Math.max(0, (count || 1) - 1);
    else if (command === 'K') this.#eraseLine(count);
    else if (command === 'J') this.#eraseBelow();
    else if (command === 'm') this.#style = styleOf(parameters, this.#style);
  }

  #eraseLine(which: number): void {
    const line = this.#lines[this.#row]!;
    if (which === 2) line.length = 0;
    else if (which === 0) line.length = Math.min(line.length, this.#column);
  }

  #eraseBelow(): void {
    this.#eraseLine(0);
    this.#lines.length = this.#row + 1;
  }
}

const COLOURS: Readonly<Record<number, string>> = {
  31: 'red',
  32: 'green',
  33: 'yellow',
  34: 'blue',
  35: 'magenta',
  36: 'cyan',
  90: 'dim',
};

function styleOf(parameters: string, before: string): string {
  return parameters.split(';').reduce((style, parameter) => {
    const code = Number(parameter || 0);
    if (code === 0 || code === 39 || code === 22) return '';
    if (code === 1) return 'bold';
    if (code === 2) return 'dim';
    return COLOURS[code] ?? style;
  }, before);
}

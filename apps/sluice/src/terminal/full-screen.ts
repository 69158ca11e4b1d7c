import { emitKeypressEvents } from 'node:readline';
import type { ReadStream, WriteStream } from 'node:tty';
import { styleText } from 'node:util';
import type { Key, LineStyle, Screen, ScreenLine, Size } from './screen.ts';

const ALTERNATE_SCREEN = '\u001b[?1049h';
const MAIN_SCREEN = '\u001b[?1049l';
const PASTE_MARKS = '\u001b[?2004h';
const NO_PASTE_MARKS = '\u001b[?2004l';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';
const ERASE_LINE = '\u001b[2K';
const goTo = (row: number, column: number): string => `\u001b[${row + 1};${column + 1}H`;

const STYLES: Readonly<Record<LineStyle, Parameters<typeof styleText>[0] | undefined>> = {
  plain: undefined,
  rule: 'dim',
  focusedRule: ['bold', 'cyan'],
  good: 'green',
  bad: 'red',
  warning: 'yellow',
  muted: 'dim',
  highlight: 'cyan',
};

/** The terminal as a screen and a keyboard. Disposing it gives back the screen as it was. */
export class FullScreen implements Disposable {
  private readonly input: ReadStream;
  private readonly output: WriteStream;
  private shown: string[] = [];
  private readonly pressed: (text: string | undefined, key: Key) => void;
  private readonly resized: () => void;

  constructor(input: ReadStream, output: WriteStream, onKey: (key: Key) => void, onResize: () => void) {
    this.input = input;
    this.output = output;
    this.pressed = (text, key) => onKey({ ...key, sequence: key.sequence ?? text });
    this.resized = () => {
      this.shown = [];
      onResize();
    };
    emitKeypressEvents(input);
    input.setRawMode(true);
    input.on('keypress', this.pressed);
    output.on('resize', this.resized);
    output.write(ALTERNATE_SCREEN + PASTE_MARKS);
    input.resume();
  }

  get size(): Size {
    return { rows: this.output.rows || 24, columns: this.output.columns || 80 };
  }

  /** Shows a screen; lines that are as they were are not written again. */
  show({ lines, cursor }: Screen): void {
    const styled = lines.map((line) => this.styled(line));
    let update = HIDE_CURSOR;
    for (let row = 0; row < Math.max(styled.length, this.shown.length); row++) {
      const line = styled[row] ?? '';
      if (line !== this.shown[row]) update += goTo(row, 0) + ERASE_LINE + line;
    }
    this.shown = styled;
    this.output.write(cursor ? update + goTo(cursor.row, cursor.column) + SHOW_CURSOR : update);
  }

  [Symbol.dispose](): void {
    this.output.write(SHOW_CURSOR + NO_PASTE_MARKS + MAIN_SCREEN);
    this.output.off('resize', this.resized);
    this.input.off('keypress', this.pressed);
    this.input.setRawMode(false);
    this.input.pause();
  }

  private styled({ text, style }: ScreenLine): string {
    const format = STYLES[style];
    return format === undefined || text === '' ? text : styleText(format, text, { stream: this.output });
  }
}

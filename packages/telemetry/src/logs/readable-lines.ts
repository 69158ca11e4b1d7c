import { styleText } from 'node:util';
import type { DestinationStream } from 'pino';
import { valueText } from './value-text.ts';

const COLOURS = { debug: 'gray', info: 'green', warn: 'yellow', error: 'red' } as const;

/** Facts that are the same on every line of a process, or say again what the message says. */
const HIDDEN = new Set(['level', 'time', 'msg', 'app', 'workerId', 'event']);

/** Writes pino's JSON lines as `12:34:56.789 warn  message  key=value key=value`. */
export const readableLines = (to: DestinationStream, style: LineStyle): DestinationStream => ({
  write: (line) => to.write(`${readable(JSON.parse(line) as Readonly<Record<string, unknown>>, style)}\n`),
});

interface LineStyle {
  readonly colours: boolean;
  readonly timestamp: boolean;
}

function readable(fields: Readonly<Record<string, unknown>>, { colours, timestamp }: LineStyle): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const { level, time, msg } = fields as { readonly level: keyof typeof COLOURS; readonly time: string; readonly msg: string };
  const facts = Object.entries(fields).flatMap(([name, value]) =>
    HIDDEN.has(name) ? [] : [`${paint('gray', `${name}=`)}${valueText(value)}`],
  );
  const clock = timestamp ? [paint('gray', time.slice(11, 23))] : [];
  return [...clock, paint(COLOURS[level], level.padEnd(5)), [msg, ...facts].join('  ')].join(' ');
}

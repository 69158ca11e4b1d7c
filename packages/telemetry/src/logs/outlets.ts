/** The ways in which a line may be written. Lines come from pino, as JSON with the usual names. */
import { type DestinationStream, destination } from 'pino';
import { type Renaming, renamed, USUAL_NAMES } from './field-names.ts';
import type { LogSettings } from './log-settings.ts';
import { logfmtLines } from './logfmt-lines.ts';
import { readableLines } from './readable-lines.ts';

const STDERR = 2;

/** Standard error, or a file that is appended to. */
const open = (file: string | undefined): DestinationStream =>
  destination(file === undefined ? STDERR : { dest: file, append: true, mkdir: true, sync: true });

/** Answers where lines go, for the settings of each moment; a file stays open while it is the same. */
export function createOutlets(given: DestinationStream | undefined): (settings: LogSettings) => DestinationStream {
  let opened: { readonly file: string | undefined; readonly to: DestinationStream } | undefined;
  return ({ format = 'auto', file, names = USUAL_NAMES, timestamp = true }) => {
    if (given === undefined && opened?.file !== file) opened = undefined;
    opened ??= { file, to: given ?? open(file) };
    const { to } = opened;
    const isTerminal = given === undefined && file === undefined && process.stderr.isTTY;
    if (format === 'logfmt') return logfmtLines(to, { names, timestamp });
    if (format === 'pretty' || (format === 'auto' && isTerminal)) return readableLines(to, { colours: isTerminal, timestamp });
    const isUsual = timestamp && names.level === 'level' && names.time === 'time' && names.message === 'msg';
    return isUsual ? to : renamedLines(to, { names, timestamp });
  };
}

const renamedLines = (to: DestinationStream, renaming: Renaming): DestinationStream => ({
  write: (line) => to.write(`${JSON.stringify(renamed(line, renaming))}\n`),
});

import { createReadStream } from 'node:fs';
import type { ReadStream, WriteStream } from 'node:tty';
import { UnreadableFileError } from '../../terminal/errors.ts';
import { FullScreen } from '../../terminal/full-screen.ts';
import type { Key } from '../../terminal/screen.ts';
import { BloblUsageError } from '../errors.ts';
import { LineSplitter } from '../line-splitter.ts';
import { indented } from '../map-lines.ts';
import type { MappingSource } from '../mapping-source.ts';
import { type ExplorerState, explorerState, pressKey } from './explorer-state.ts';
import { historyFile, readHistory, writeHistory } from './history.ts';
import { renderScreen } from './screen.ts';
import { type Trial, tryMapping } from './trial.ts';

export interface ExplorerOptions {
  /** The mapping to begin with. */
  readonly source: MappingSource | undefined;
  /** A file whose first line is the sample to begin with. */
  readonly sampleFile: string | undefined;
  readonly isRaw: boolean;
  readonly input: ReadStream;
  readonly output: WriteStream;
}

const SAMPLE =
  '{\n  "id": "order-1042",\n  "user": { "name": "Ada", "email": "ada@example.com" },\n  "items": [{ "sku": "A1", "price": 9.5 }, { "sku": "B7", "price": 12 }]\n}';
/** Enough for a line to try a mapping on. */
const SAMPLE_BYTES = 1024 * 1024;

/** Lets a person write a mapping and see what it does at each key. Resolves when they leave; the mapping is then printed. */
export async function runExplorer({ source, sampleFile, isRaw, input, output }: ExplorerOptions): Promise<void> {
  if (!input.isTTY || !output.isTTY) throw new BloblUsageError('the interactive mode needs a terminal');
  const sample = sampleFile === undefined ? SAMPLE : await firstLine(sampleFile, isRaw);
  const file = historyFile();
  const initial = explorerState(source?.text ?? '', sample, readHistory(file));
  const final = await converse(initial, { isRaw, file: source?.file, input, output });
  writeHistory(file, final.history);
  if (final.mapping.text.trim() !== '') output.write(`${final.mapping.text}\n`);
}

interface Conversation {
  readonly isRaw: boolean;
  readonly file: string | undefined;
  readonly input: ReadStream;
  readonly output: WriteStream;
}

/** Resolves to the state in which the person left. Rejects on a bug, with the terminal as it was. */
async function converse(initial: ExplorerState, { isRaw, file, input, output }: Conversation): Promise<ExplorerState> {
  const { promise, resolve, reject } = Promise.withResolvers<ExplorerState>();
  let state = initial;
  let tried: { readonly state: ExplorerState; readonly trial: Trial } | undefined;
  let lastGood: Trial | undefined;
  let isDue = false;

  const trial = (): Trial => {
    const isStale = tried?.state.mapping.text !== state.mapping.text || tried.state.sample.text !== state.sample.text;
    if (tried === undefined || isStale) {
      tried = { state, trial: tryMapping({ mapping: state.mapping.text, sample: state.sample.text, file, isRaw }) };
      if (tried.trial.kind === 'mapped' || tried.trial.kind === 'dropped') lastGood = tried.trial;
    }
    return tried.trial;
  };
  const draw = (): void => {
    isDue = false;
    try {
      terminal.show(renderScreen(state, trial(), lastGood, terminal.size));
    } catch (error) {
      reject(error);
    }
  };
  // Keys that come together (a paste, a held key) are shown once.
  const drawSoon = (): void => {
    if (!isDue) setImmediate(draw);
    isDue = true;
  };
  const press = (key: Key): void => {
    state = pressKey(state, key);
    if (state.isOver) resolve(state);
    else drawSoon();
  };

  using terminal = new FullScreen(input, output, press, drawSoon);
  const leave = (): void => press({ name: 'c', ctrl: true });
  process.once('SIGTERM', leave);
  try {
    draw();
    return await promise;
  } finally {
    process.off('SIGTERM', leave);
  }
}

/** The first line of a file, on several lines if it is a document. */
async function firstLine(file: string, isRaw: boolean): Promise<string> {
  const splitter = new LineSplitter(SAMPLE_BYTES);
  try {
    for await (const chunk of createReadStream(file) as AsyncIterable<Uint8Array>) {
      for (const line of splitter.push(chunk)) return sampleText(line, isRaw);
    }
  } catch (error) {
    throw new UnreadableFileError(file, error);
  }
  for (const line of splitter.end()) return sampleText(line, isRaw);
  return '';
}

function sampleText(line: Uint8Array | { readonly byteSize: number }, isRaw: boolean): string {
  if (!(line instanceof Uint8Array)) throw new BloblUsageError(`the first line has ${line.byteSize} bytes, too many for a sample`);
  return Buffer.from(isRaw ? line : indented(line)).toString();
}

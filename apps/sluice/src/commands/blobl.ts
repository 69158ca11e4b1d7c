import { createReadStream } from 'node:fs';
import { BloblangParseError, renderParseError } from '@sluice/bloblang';
import { Command, InvalidArgumentError } from 'commander';
import { BloblUsageError } from '../blobl/errors.ts';
import { libraryOverview, libraryPage, suggestionsFor, wholeLibrary } from '../blobl/library-page.ts';
import { mapLines } from '../blobl/map-lines.ts';
import { compileSource, type MappingSource, mappingSource } from '../blobl/mapping-source.ts';
import { writerTo } from '../blobl/output.ts';
import { UnreadableFileError } from '../terminal/errors.ts';

interface BloblFlags {
  readonly file?: string;
  readonly input?: string;
  readonly raw?: true;
  readonly pretty?: true;
  readonly interactive?: true;
  readonly exitStatus?: true;
  readonly maxTokenLength: number;
}

/** The longest line that is read unless told otherwise: the largest record of Kinesis, in base64 and with something around it. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** `sluice blobl`: a mapping over lines, or tried out interactively. */
export const bloblCommand = (): Command =>
  new Command('blobl')
    .description('Run a Bloblang mapping over JSON lines, or try one out interactively.')
    .argument('[mapping]', 'the mapping; without one, and without input, the interactive mode begins')
    .option('-f, --file <path>', 'read the mapping from a file; its imports are relative to it')
    .option('-i, --input <path>', 'read the lines from a file instead of standard input')
    .option('-r, --raw', '`this` is the line as bytes, not its JSON document')
    .option('-p, --pretty', 'write documents on several lines')
    .option('--interactive', 'show the result while the mapping is typed; with --input, its first line is the sample')
    .option('--exit-status', 'exit with 1 if any line failed')
    .option('--max-token-length <bytes>', 'longest line that is accepted', byteCount, MAX_LINE_BYTES)
    .addHelpText(
      'after',
      `
Examples:
  cat documents.jsonl | sluice blobl 'root.names = this.users.map_each(u -> u.name.uppercase())'
  echo '{"foo":"bar"}' | sluice blobl -f ./mapping.blobl
  sluice blobl -i documents.jsonl --interactive
  sluice blobl list re_replace_all

A line that fails is reported on standard error, and the next one goes on.`,
    )
    .action(async (argument: string | undefined, flags: BloblFlags) => {
      const source = mappingSource(argument, flags.file);
      if (flags.interactive || (flags.input === undefined && process.stdin.isTTY)) return explore(source, flags);
      if (source === undefined) throw new BloblUsageError('expected a mapping, as an argument or with --file');
      await mapInput(source, flags);
    })
    .addCommand(listCommand());

const listCommand = (): Command =>
  new Command('list')
    .description('Show the functions and methods of Bloblang.')
    .argument('[name]', 'one of them, with its parameters and examples')
    .option('--all', 'all of them, with their parameters and examples')
    .action((name: string | undefined, { all }: { readonly all?: true }) => {
      if (name === undefined) {
        process.stdout.write(
          all ? wholeLibrary() : `${libraryOverview()}\nsluice blobl list NAME shows one with its examples, --all shows all.\n`,
        );
        return;
      }
      const page = libraryPage(name);
      if (page === undefined) {
        const near = suggestionsFor(name);
        throw new BloblUsageError(`no function or method \`${name}\`${near.length > 0 ? `; did you mean ${near.join(', ')}?` : ''}`);
      }
      process.stdout.write(page);
    });

async function mapInput(source: MappingSource, flags: BloblFlags): Promise<void> {
  const mapping = compileOrReport(source);
  if (mapping === undefined) return;
  const failures = await mapLines({
    mapping,
    input: linesInput(flags.input),
    isRaw: flags.raw ?? false,
    isPretty: flags.pretty ?? false,
    maxLineBytes: flags.maxTokenLength,
    write: writerTo(process.stdout),
    reportError: (text) => process.stderr.write(`${text}\n`),
  });
  if (failures > 0 && flags.exitStatus) process.exitCode = 1;
}

/** A mapping that does not parse is shown with the place and ends the command. */
function compileOrReport(source: MappingSource): ReturnType<typeof compileSource> | undefined {
  try {
    return compileSource(source);
  } catch (error) {
    if (!(error instanceof BloblangParseError)) throw error;
    process.stderr.write(`failed to parse mapping: ${renderParseError(error, source.file)}\n`);
    process.exitCode = 1;
    return undefined;
  }
}

async function* linesInput(file: string | undefined): AsyncGenerator<Uint8Array> {
  if (file === undefined) {
    yield* process.stdin as AsyncIterable<Uint8Array>;
    return;
  }
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw new UnreadableFileError(file, error);
  }
}

/** The interactive mode is loaded when it is wanted. */
async function explore(source: MappingSource | undefined, { input, raw }: BloblFlags): Promise<void> {
  const { runExplorer } = await import('../blobl/explorer/run-explorer.ts');
  await runExplorer({ source, sampleFile: input, isRaw: raw ?? false, input: process.stdin, output: process.stdout });
}

function byteCount(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number of at least 1.');
  return value;
}

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './code-blocks.ts';

/** What is used of a command of commander; the tree is read, and nothing of it runs. */
interface CommandNode {
  name(): string;
  readonly commands: readonly CommandNode[];
  readonly options: ReadonlyArray<{
    readonly short?: string;
    readonly long?: string;
    readonly required: boolean;
    readonly optional: boolean;
  }>;
  readonly registeredArguments: ReadonlyArray<{ readonly required: boolean; readonly variadic: boolean }>;
}

/** They have a command line of their own. */
const PROGRAMS = new Set(['ingress-worker', 'egress-worker', 'function-worker', 'board']);
const ALWAYS = new Set(['--help', '-h', '--version', '-v']);

/** The commands of `sluice` by their names. */
export async function loadCommands(): Promise<ReadonlyMap<string, CommandNode>> {
  const folder = join(ROOT, 'apps/sluice/src/commands');
  const files = globSync('*.ts', { cwd: folder }).filter((name) => !name.endsWith('.test.ts'));
  const modules = await Promise.all(
    files.map((file) => import(pathToFileURL(join(folder, file)).href) as Promise<Record<string, unknown>>),
  );
  const makers = modules.flatMap((module) =>
    Object.entries(module).flatMap(([name, value]) =>
      name.endsWith('Command') && typeof value === 'function' ? [value as () => CommandNode] : [],
    ),
  );
  return new Map(makers.map((make) => make()).map((command) => [command.name(), command]));
}

/** What is wrong with the words that follow `sluice`, or `undefined`. */
export function problemOf(words: readonly string[], commands: ReadonlyMap<string, CommandNode>): string | undefined {
  const [name = '', ...rest] = words;
  if (ALWAYS.has(name) || PROGRAMS.has(name) || /^[A-Z…]/.test(name)) return undefined;
  const command = commands.get(name);
  return command === undefined ? `there is no command ${name}` : problemBelow(command, rest);
}

function problemBelow(command: CommandNode, words: readonly string[]): string | undefined {
  const subcommand = words.length > 0 ? command.commands.find((one) => words[0]!.split(/[|,]/)[0] === one.name()) : undefined;
  if (subcommand !== undefined) return problemBelow(subcommand, words.slice(1));
  let positional = 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === '--' || word === '…') break;
    if (!word.startsWith('-') || word === '-') {
      positional++;
      continue;
    }
    const [flag = '', value] = word.split('=');
    const option = command.options.find(({ short, long }) => short === flag || long === flag);
    if (option === undefined && !ALWAYS.has(flag)) return `${command.name()} has no flag ${flag}`;
    if (option?.required && value === undefined) index++;
  }
  const { registeredArguments: expected } = command;
  if (positional > expected.length && !expected.at(-1)?.variadic)
    return `${command.name()} takes ${expected.length} arguments, not ${positional}`;
  return undefined;
}

import type { Command } from 'commander';

/** What a value is: a path, one of fixed words, a name that an installation knows, or something that nobody can guess. */
export type ValueKind = 'file' | 'ingress' | 'target' | 'function' | 'worker' | 'any-name' | 'free' | readonly string[];

export interface CompletedOption {
  /** Such as `-c` and `--config`. */
  readonly flags: readonly string[];
  readonly description: string;
  /** Absent where the option takes no value. */
  readonly value?: ValueKind;
}

/** A command as a shell completes it. */
export interface CompletedCommand {
  /** Its words behind `sluice`: `dead-letters list`; '' for `sluice` itself. */
  readonly path: string;
  readonly description: string;
  readonly subcommands: readonly string[];
  readonly options: readonly CompletedOption[];
  /** Of its arguments in order; the last one goes on where it is variadic. */
  readonly values: readonly ValueKind[];
  readonly isVariadic: boolean;
}

/** Every command below and including this one, parents first. */
export function commandTable(command: Command, path: readonly string[] = []): CompletedCommand[] {
  const subcommands = command.commands.filter((each) => each.name() !== 'help');
  const own: CompletedCommand = {
    path: path.join(' '),
    description: firstSentence(command.description()),
    subcommands: subcommands.map((each) => each.name()),
    options: [
      ...command.options.map(({ short, long, description, required, optional, argChoices, flags }) => ({
        flags: [short, long].filter((flag) => flag !== undefined),
        description: firstSentence(description),
        ...(required || optional ? { value: argChoices ?? kindOf(/[<[]([\w=-]+)/.exec(flags)?.[1] ?? '', long ?? '') } : {}),
      })),
      { flags: ['-h', '--help'], description: 'display help for command' },
    ],
    values: command.registeredArguments.map((argument) => argument.argChoices ?? kindOf(argument.name(), path.join(' '))),
    isVariadic: command.registeredArguments.at(-1)?.variadic ?? false,
  };
  return [own, ...subcommands.flatMap((each) => commandTable(each, [...path, each.name()]))];
}

const firstSentence = (text: string): string => text.split(/(?<=\.)\s|\n/)[0]!;

/** @param of the flag of the option, or the words of the command that takes the argument */
function kindOf(name: string, of: string): ValueKind {
  if (/^(file|files|path|paths)$/.test(name)) return 'file';
  if (name === 'ingress' || name === 'target') return name;
  if (name === 'type') return 'function';
  if (of === '--to' && name === 'worker') return 'worker';
  return /^(pause|resume)$/.test(of) ? 'any-name' : 'free';
}

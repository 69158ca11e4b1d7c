import type { CompletedCommand, ValueKind } from './command-table.ts';

/** A script that fish sources: commands and flags with their descriptions; only names ask `sluice`. */
export function fishScript(commands: readonly CompletedCommand[]): string {
  const paths = commands.map(({ path }) => path).filter((path) => path !== '');
  return `# Completion of sluice for fish. Made by \`sluice completion\`.
set -g __sluice_commands ${paths.map(quoted).join(' ')}

# The command that is being completed: the longest one that the words before begin with.
function __sluice_path
    set -l path ''
    for word in (commandline -opc)[2..]
        set -l longer (string trim "$path $word")
        contains -- $longer $__sluice_commands; and set path $longer
    end
    echo $path
end

function __sluice_at
    test (__sluice_path) = "$argv[1]"
end

complete -c sluice -f
${commands.flatMap(linesOf).join('\n')}
`;
}

function linesOf({ path, subcommands, options, values }: CompletedCommand, _: number, all: readonly CompletedCommand[]): string[] {
  const at = `complete -c sluice -n ${quoted(`__sluice_at '${path}'`)}`;
  const descriptionOf = (name: string) => all.find((command) => command.path === `${path} ${name}`.trim())?.description ?? '';
  return [
    ...subcommands.map((name) => `${at} -a ${name} -d ${quoted(descriptionOf(name))}`),
    ...options.map(({ flags, description, value }) => {
      const names = flags.map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`)).join(' ');
      return `${at} ${names}${value === undefined ? '' : ` -r${choicesOf(value)}`} -d ${quoted(description)}`;
    }),
    ...[...new Set(values.map(choicesOf))].filter((choices) => choices !== '').map((choices) => `${at}${choices}`),
  ];
}

function choicesOf(value: ValueKind): string {
  if (value === 'free') return '';
  if (value === 'file') return ' -F';
  return ` -a ${quoted(typeof value === 'string' ? `(sluice completion names ${value} 2> /dev/null)` : value.join(' '))}`;
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

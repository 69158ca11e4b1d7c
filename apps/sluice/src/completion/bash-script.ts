import type { CompletedCommand, ValueKind } from './command-table.ts';

/** A script that bash sources, and zsh through its `bashcompinit`. Commands and flags are in it; only names ask `sluice`. */
export function bashScript(commands: readonly CompletedCommand[]): string {
  return `# Completion of sluice for bash and zsh. Made by \`sluice completion\`.
if [ -n "\${ZSH_VERSION-}" ]; then
  autoload -U +X compinit bashcompinit && compinit -u && bashcompinit
fi

_sluice_subcommands() {
  case "$1" in
${cases(commands.filter(({ subcommands }) => subcommands.length > 0).map(({ path, subcommands }) => [path, subcommands.join(' ')]))}
  esac
}

_sluice_flags() {
  case "$1" in
${cases(commands.map(({ path, options }) => [path, options.flatMap(({ flags }) => flags).join(' ')]))}
  esac
}

# What comes behind a flag: nothing, or a kind of value.
_sluice_flag_value() {
  case "$1" in
${cases(commands.flatMap(({ path, options }) => options.flatMap(({ flags, value }) => (value === undefined ? [] : flags.map((flag): Case => [`${path} ${flag}`, wordOf(value)])))))}
  esac
}

# The kind of a command's argument, by its number from 0.
_sluice_argument() {
  case "$1" in
${cases(commands.flatMap(({ path, values, isVariadic }) => values.map((value, index): Case => [`${path} ${isVariadic && index === values.length - 1 ? '*' : index}`, wordOf(value)])))}
  esac
}

_sluice_offer() {
  case "$1" in
    '' | free) ;;
    file) COMPREPLY=($(compgen -f -- "$2")); type compopt > /dev/null 2>&1 && compopt -o filenames 2> /dev/null ;;
    =*) COMPREPLY=($(compgen -W "\${1#=}" -- "$2")) ;;
    *) COMPREPLY=($(compgen -W "$("\${COMP_WORDS[0]}" completion names "$1" 2> /dev/null)" -- "$2")) ;;
  esac
}

# No variable is called path: zsh would take it for PATH.
_sluice() {
  local word kind='' at='' number=0 index=1 current="\${COMP_WORDS[COMP_CWORD]}"
  COMPREPLY=()
  while [ "$index" -lt "$COMP_CWORD" ]; do
    word="\${COMP_WORDS[index]}"
    if [ -n "$kind" ]; then kind=''
    elif [ "\${word#-}" != "$word" ]; then kind="$(_sluice_flag_value "$at $word")"
    else
      case " $(_sluice_subcommands "$at") " in
        *" $word "*) at="\${at:+$at }$word" number=0 ;;
        *) number=$((number + 1)) ;;
      esac
    fi
    index=$((index + 1))
  done
  if [ -n "$kind" ]; then _sluice_offer "$kind" "$current"
  elif [ "\${current#-}" != "$current" ]; then COMPREPLY=($(compgen -W "$(_sluice_flags "$at")" -- "$current"))
  elif [ "$number" -eq 0 ] && [ -n "$(_sluice_subcommands "$at")" ]; then COMPREPLY=($(compgen -W "$(_sluice_subcommands "$at")" -- "$current"))
  else _sluice_offer "$(_sluice_argument "$at $number")" "$current"
  fi
}

complete -F _sluice sluice
`;
}

type Case = readonly [pattern: string, output: string];

/** A pattern may end with \`*\`, which stands for any number. */
const cases = (all: readonly Case[]): string =>
  all
    .map(
      ([pattern, output]) =>
        `    ${pattern.endsWith(' *') ? `${quoted(pattern.slice(0, -1))}*` : quoted(pattern)}) echo ${quoted(output)} ;;`,
    )
    .join('\n');

const wordOf = (value: ValueKind): string => (typeof value === 'string' ? value : `=${value.join(' ')}`);

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\\\''")}'`;

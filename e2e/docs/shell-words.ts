/** What ends a command and begins another. */
const OPERATOR = /^(&&|\|\||[|;&\n])/;
const REDIRECTION = /^\d?(<|>>?)/;

/** The commands of a script as lists of words, without comments and redirections. Enough of the shell's grammar for what docs have. */
export function commandsOf(script: string): string[][] {
  const commands: string[][] = [];
  let words: string[] = [];
  let rest = script.replaceAll('\\\n', ' ');
  const end = () => {
    if (words.length > 0) commands.push(words);
    words = [];
  };
  while (rest.length > 0) {
    const operator = OPERATOR.exec(rest)?.[0];
    const blank = /^[ \t]+/.exec(rest)?.[0];
    const comment = /^#[^\n]*/.exec(rest)?.[0];
    const redirection = REDIRECTION.exec(rest)?.[0];
    if (operator !== undefined) end();
    if (redirection !== undefined) rest = rest.slice(redirection.length).replace(/^[ \t]*\S+/, '');
    else if (operator ?? blank ?? comment) rest = rest.slice((operator ?? blank ?? comment)!.length);
    else {
      const [raw, word] = firstWord(rest);
      words.push(word);
      rest = rest.slice(raw.length);
    }
  }
  end();
  return commands;
}

function firstWord(text: string): [raw: string, word: string] {
  const raw = /^(?:'[^']*'|"(?:\\.|[^"\\])*"|\$\([^)]*\)|\\.|[^\s'"|;&<>])+/.exec(text)?.[0] ?? text[0]!;
  return [
    raw,
    raw.replaceAll(/'([^']*)'|"((?:\\.|[^"\\])*)"/g, (_, single: string | undefined, double: string | undefined) => single ?? double ?? ''),
  ];
}

/** What surrounds a place in a mapping, as far as it can be told without parsing: people are still typing. */
export interface Surroundings {
  /** Within a string literal or a comment, where no names are. */
  readonly isInText: boolean;
  /** The call whose arguments these are, innermost first: `{ name, isMethod }`. */
  readonly call: { readonly name: string; readonly isMethod: boolean } | undefined;
}

/** Strings, comments, and the brackets outside of them. */
const TOKEN = /"""[\s\S]*?(?:"""|$)|"(?:[^"\\\n]|\\.)*(?:"|$|(?=\n))|#.*|[()[\]{}]/g;
const CALLEE = /(\.?)([a-z0-9_]+)$/;

export function surroundingsAt(source: string, position: number): Surroundings {
  const before = source.slice(0, position);
  const open: number[] = [];
  let isInText = false;
  for (const { 0: token, index } of before.matchAll(TOKEN)) {
    const isAtEnd = index + token.length === before.length;
    if (token.startsWith('#')) isInText = isAtEnd;
    else if (token.startsWith('"')) isInText = isAtEnd && !isClosed(token);
    else if ('([{'.includes(token)) open.push(index);
    else open.pop();
  }
  const callee = open.map((at) => (before[at] === '(' ? CALLEE.exec(before.slice(0, at)) : null)).findLast((match) => match !== null);
  return { isInText, call: callee ? { name: callee[2]!, isMethod: callee[1] === '.' } : undefined };
}

function isClosed(literal: string): boolean {
  if (literal.startsWith('"""')) return literal.length >= 6 && literal.endsWith('"""');
  return literal.length >= 2 && /^"(?:[^"\\]|\\.)*"$/.test(literal);
}

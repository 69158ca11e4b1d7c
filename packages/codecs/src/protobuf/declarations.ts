/** What can be said of a .proto file without the libraries, which only those who use one load. */
import { BloblangError } from '@sluice/values';

export interface Declarations {
  /** `proto2`, `proto3`, or an edition such as `2023`. */
  readonly edition: string;
  readonly imports: readonly string[];
  /** Full names: `package.Outer.Inner`. */
  readonly messages: readonly string[];
}

const TOKENS = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w.]+|[^\s\w])/g;

/** @throws {BloblangError} a block has no end, or ends twice */
export function declarationsIn(text: string): Declarations {
  const tokens = Array.from(text.matchAll(TOKENS), ([, token]) => token).filter((token) => token !== undefined);
  const imports: string[] = [];
  const messages: string[] = [];
  // Of each open block: the name of its message, or '' where it is none.
  const blocks: string[] = [];
  let [edition, scope] = ['proto2', ''];
  for (const [index, token] of tokens.entries()) {
    const next = tokens[index + 1] ?? '';
    const isFirst = index === 0 || [';', '{', '}'].includes(tokens[index - 1]!);
    if (token === '}') {
      if (blocks.pop() === undefined) throw new BloblangError('expected as many `{` as `}`, found more `}`');
    } else if (token === '{') {
      const [keyword, name] = tokens.slice(Math.max(0, index - 2), index);
      blocks.push(keyword === 'message' ? name! : '');
      if (keyword === 'message') messages.push([scope, ...blocks].filter((part) => part !== '').join('.'));
    } else if (isFirst && blocks.length === 0) {
      if (token === 'package') scope = next;
      if ((token === 'syntax' || token === 'edition') && next === '=') edition = unquoted(tokens[index + 2] ?? '');
      if (token === 'import') imports.push(unquoted(/^(public|weak|option)$/.test(next) ? (tokens[index + 2] ?? '') : next));
    }
  }
  if (blocks.length > 0) throw new BloblangError('expected as many `{` as `}`, found more `{`');
  return { edition, imports, messages };
}

const unquoted = (text: string): string => text.replaceAll(/^["']|["']$/g, '');

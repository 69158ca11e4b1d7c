import type { EffectiveDocument, EffectiveValue, ValueSource } from '@sluice/config';
import { flowText, quotedIfNeeded, scalarText } from '../yaml-text/scalar-text.ts';
import { ValueBranch, type ValueTree, valueTree } from './value-tree.ts';

/** A line, and the comment behind it. */
interface Line {
  readonly text: string;
  readonly comment?: string;
}

const MAX_COMMENT_COLUMN = 60;

/** The documents as YAML, behind each value the place it comes from. */
export function renderEffective(documents: readonly EffectiveDocument[], { color }: { readonly color: boolean }): string {
  const dim = (text: string) => (color ? `\u001b[2m${text}\u001b[0m` : text);
  return documents
    .filter(({ values }) => values.length > 0)
    .map(({ name, values }) => {
      const lines = linesOf(valueTree(values), 0);
      const column =
        Math.min(MAX_COMMENT_COLUMN, Math.max(...lines.map(({ text, comment }) => (comment === undefined ? 0 : text.length)))) + 2;
      const head = name === 'sluice' ? 'the settings of Sluice' : name;
      return [
        dim(`# ${printable(head)}`),
        ...lines.map(({ text, comment }) => (comment === undefined ? text : `${text.padEnd(column)}${dim(`# ${printable(comment)}`)}`)),
        '',
      ].join('\n');
    })
    .join('---\n');
}

function linesOf(branch: ValueBranch, depth: number): Line[] {
  const indent = '  '.repeat(depth);
  const { isList } = branch;
  return [...branch.children].flatMap(([name, child]) => {
    if (!isList) return linesUnder(`${indent}${quotedIfNeeded(name)}:`, child, depth);
    if (!(child instanceof ValueBranch)) return linesUnder(`${indent}-`, child, depth);
    const [first, ...rest] = linesOf(child, depth + 1);
    return [{ ...first!, text: `${indent}- ${first!.text.trimStart()}` }, ...rest];
  });
}

function linesUnder(head: string, child: ValueTree, depth: number): Line[] {
  if (child instanceof ValueBranch) return [{ text: head }, ...linesOf(child, depth + 1)];
  const { value } = child;
  const comment = describeSource(child.source);
  if (!isBlock(value)) return [{ text: `${head} ${textOf(child)}`, comment }];
  const chomping = value.endsWith('\n') ? '' : '-';
  const lines = value.replace(/\n$/, '').split('\n');
  return [
    { text: `${head} |${chomping}`, comment },
    ...lines.map((line) => ({ text: line === '' ? '' : `${'  '.repeat(depth + 1)}${line}` })),
  ];
}

/** Several lines that a block scalar shows as they are. */
const isBlock = (value: string): boolean => /^[^\s][^\n]*\n/.test(value) && !/[^\n\P{Cc}]|\n\n$/u.test(value);

/** A default may be a list or an object, given as JSON. */
function textOf({ value, source }: EffectiveValue): string {
  if (source.type !== 'default' || !/^[[{]/.test(value)) return scalarText(value);
  try {
    return flowText(JSON.parse(value));
  } catch {
    return scalarText(value);
  }
}

function describeSource(source: ValueSource): string {
  switch (source.type) {
    case 'default':
      return 'default';
    case 'flag':
      return 'flag';
    case 'file':
      return `${source.position.file}:${source.position.line}`;
    case 'environment':
      // Not as `${NAME}`: it would be replaced, also in a comment, where this is read again.
      return `environment variable ${source.variable}${source.position ? ` at ${source.position.file}:${source.position.line}` : ''}`;
  }
}

const printable = (text: string): string => text.replace(/\p{Cc}/gu, '?');

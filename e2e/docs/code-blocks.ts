import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** A fenced block of a page. */
export interface CodeBlock {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** Of its first line of code. */
  readonly line: number;
  readonly language: string;
  /** What follows the language: `no-run=docker`, `no-lint=…`, `with=functions`. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly code: string;
}

const FENCE = /^( *)```(\w+)([^\n]*)\n([\s\S]*?)^\1```$/gm;

/** The pages whose commands and configurations are tested. */
export const pages = (): string[] =>
  [
    'README.md',
    'CONTRIBUTING.md',
    ...globSync('docs/**/*.md', { cwd: ROOT, exclude: (name) => /^(node_modules|source)$/.test(name) }),
  ].toSorted();

export function codeBlocksOf(file: string, text: string = readFileSync(join(ROOT, file), 'utf8')): CodeBlock[] {
  return [...text.matchAll(FENCE)].map(({ index, 1: indent, 2: language, 3: rest, 4: code }) => ({
    file,
    line: text.slice(0, index).split('\n').length + 1,
    language: language!,
    attributes: Object.fromEntries([...rest!.matchAll(/([\w-]+)=(\S+)/g)].map(([, name, value]) => [name, value])),
    code: code!.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** Commands that stand in a sentence: `sluice lanes --target X`. */
export function commandsInText(file: string): { line: number; command: string }[] {
  const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(FENCE, (block) => '\n'.repeat(block.split('\n').length - 1));
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/`((?:npx )?sluice [^`]+)`/g)].map(([, command]) => ({ line: index + 1, command: command! })),
    );
}

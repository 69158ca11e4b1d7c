import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileConfig } from '@sluice/config';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodeBlock, codeBlocksOf, commandsInText, pages, ROOT } from './docs/code-blocks.ts';
import { loadCommands, problemOf } from './docs/command-tree.ts';
import { Installation } from './docs/installation.ts';
import { commandsOf } from './docs/shell-words.ts';

const blocks = pages().flatMap((file) => codeBlocksOf(file));
const placeOf = ({ file, line }: { file: string; line: number }): string => `${file}:${line}`;
const named = (chosen: readonly CodeBlock[]) => chosen.map((block) => [placeOf(block), block] as const);

const scripts = blocks.filter(({ language }) => language === 'sh' || language === 'console');
const runnable = scripts.filter(({ attributes }) => attributes['no-run'] === undefined);
const configurations = blocks.filter(({ language, attributes }) => language === 'yaml' && attributes['no-lint'] === undefined);

describe('commands in the docs', async () => {
  const commands = await loadCommands();
  const npmScripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts;

  /** What cannot be right about a command, whether it is run or not. */
  function problemsOf(words: readonly string[]): string[] {
    const [program, ...rest] = words.slice(words.findIndex((word) => !/^\w+=/.test(word)));
    const [first = '', second = ''] = rest;
    if (program === 'npx') return first === 'nx' ? nxProblems(rest.slice(1)) : problemsOf(rest);
    if (program === 'sluice') return [problemOf(rest, commands) ?? []].flat();
    if (program === 'npm' && first === 'run') return second in npmScripts || second === '-s' ? [] : [`no script ${second}`];
    if (program === 'node' && !first.startsWith('-') && !first.startsWith('/'))
      return existsSync(join(ROOT, first)) ? [] : [`no file ${first}`];
    return [];
  }

  function nxProblems([verb, what = '']: readonly string[]): string[] {
    const project = /^([\w-]+):serve$/.exec(what)?.[1];
    return verb === 'run' && project !== undefined && !existsSync(join(ROOT, 'apps', project)) ? [`no project ${project}`] : [];
  }

  it.each(named(scripts))('%s: commands, flags and files exist', (_, { code }) => {
    expect(commandsOf(code).flatMap(problemsOf)).toEqual([]);
  });

  it.each(pages())('%s: commands in sentences exist', (file) => {
    const problems = commandsInText(file).flatMap(({ line, command }) =>
      commandsOf(command)
        .flatMap(problemsOf)
        .map((problem) => `${file}:${line} ${command}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });
});

describe('configurations in the docs', () => {
  it.each(named(configurations))('%s: lint finds nothing wrong', (place, { code }) => {
    const { problems } = compileConfig([{ name: place, text: code }], { env: {} });
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('commands of the docs, run', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await Installation.start();
  });
  afterAll(() => installation?.[Symbol.asyncDispose]());

  it.each(named(runnable))('%s', async (_, block) => {
    const { code, output } = await installation.run(block);
    expect(code, output).toBe(0);
  });
});

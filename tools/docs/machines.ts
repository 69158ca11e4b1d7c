/**
 * Writes `docs/machines.md`: every state machine with what its file says of it and all its transitions.
 *
 *     node tools/docs/machines.ts [--check]
 */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { transitionTable } from '@sluice/actor-kit/testing';
import { writeOrCheck } from './write-or-check.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const sections = await Promise.all(
  globSync('packages/*/src/**/*.machine.ts', { cwd: ROOT })
    .toSorted()
    .map(async (path) => {
      const exports = Object.values((await import(join(ROOT, path))) as Record<string, unknown>);
      const machine = exports.find((value) => typeof value === 'object' && value !== null && 'root' in value);
      const name = basename(path, '.machine.ts');
      const table = transitionTable(machine as Parameters<typeof transitionTable>[0]);
      return `## ${name}\n\n[${path}](../${path})\n\n\`\`\`\n${headOf(readFileSync(join(ROOT, path), 'utf8'))}\n\`\`\`\n\n\`\`\`\n${table}\n\`\`\`\n`;
    }),
);

const page = `# State machines\n\nGenerated from the machines themselves by \`npm run docs\`. Each line is a transition: \`from --event [guard]--> to\`.\n\n${sections.join('\n')}`;

process.exitCode = writeOrCheck({ 'docs/machines.md': page }, { isCheck: process.argv.includes('--check') }) ? 0 : 1;

/** The comment that a machine's file opens with: its diagram and the invariant that it keeps. */
function headOf(source: string): string {
  const comment = /^\/\*\*\n([\s\S]*?)\n \*\//.exec(source)?.[1] ?? '';
  return comment.replaceAll(/^ \* ?/gm, '').trim();
}

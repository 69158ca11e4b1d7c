import { extname } from 'node:path';
import { filesIn, linkedFiles, pageOf, readSource } from '../.vitepress/source-files.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  '.mjs': 'js',
  '.yaml': 'yaml',
  '.yml': 'yaml',
  '.ts': 'ts',
  '.tsx': 'tsx',
  '.json': 'json',
  '.py': 'python',
  '.sh': 'sh',
};

/** A page for each file and folder outside of the docs that a page of the docs links to. */
export default {
  paths: () => linkedFiles().map((path) => ({ params: { path: pageOf(path) }, content: contentOf(path) })),
};

function contentOf(path: string): string {
  if (path.endsWith('.md')) return readSource(path);
  const entries = filesIn(path);
  if (entries.length > 0) return `# ${path}\n\n${entries.map((entry) => `- [${entry}](/source/${pageOf(entry)})`).join('\n')}\n`;
  return `# ${path}\n\n${'`'.repeat(5)}${LANGUAGES[extname(path)] ?? 'txt'}\n${readSource(path)}${'`'.repeat(5)}\n`;
}

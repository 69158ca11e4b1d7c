import { hostname as readHostname } from 'node:os';
import { defineFunction, literalQuery, type Query, readBoundedFile } from '@sluice/bloblang';
import { BloblangError, type Value } from '@sluice/values';

const NO_CACHE = {
  name: 'no_cache',
  type: 'bool',
  default: false,
  description: 'Read anew for each message, instead of once when the mapping is parsed.',
} as const;

export const env = defineFunction('env', {
  category: 'Environment',
  status: 'stable',
  description: 'An environment variable as text, or null if it is not set.',
  isPure: false,
  isPlugin: true,
  parameters: [{ name: 'name', type: 'string', description: 'The name of the variable.' }, NO_CACHE],
  examples: [{ mapping: 'root.region = env("AWS_REGION").or("eu-west-1")' }, { mapping: 'root.mode = env(name: "MODE", no_cache: true)' }],
  prepare: ([name, isFresh]) => readOnceOr(isFresh, 'function env', () => process.env[name] ?? null),
});

export const file = defineFunction('file', {
  category: 'Environment',
  status: 'stable',
  description: 'The bytes of a file, up to 64 MiB. A relative path starts from the working directory.',
  isPure: false,
  isPlugin: true,
  parameters: [{ name: 'path', type: 'string', description: 'The path of the file.' }, NO_CACHE],
  examples: [{ mapping: 'root.rules = file(path: "/etc/rules.json", no_cache: true).string()' }],
  prepare: ([path, isFresh]) => readOnceOr(isFresh, 'function file', () => readFile(path, () => readBoundedFile(path))),
});

export const fileRel = defineFunction('file_rel', {
  category: 'Environment',
  status: 'stable',
  description: 'The bytes of a file, up to 64 MiB. A relative path starts from the directory of the file that holds the mapping.',
  isPure: false,
  isPlugin: true,
  parameters: [{ name: 'path', type: 'string', description: 'The path of the file.' }, NO_CACHE],
  examples: [{ mapping: 'root.lookup = file_rel(path: "./lookup.json", no_cache: true).string()' }],
  prepare: ([path, isFresh], site) => readOnceOr(isFresh, 'function file_rel', () => readFile(path, () => site.readFile(path))),
});

export const hostname = defineFunction('hostname', {
  category: 'Environment',
  status: 'stable',
  description: 'The name of the machine.',
  isPure: false,
  isPlugin: true,
  examples: [{ mapping: 'root.worker = hostname()' }],
  evaluate: () => readHostname(),
});

const readOnceOr = (isFresh: boolean, annotation: string, read: () => Value): Query =>
  isFresh ? { annotation, evaluate: read } : literalQuery(read(), annotation);

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'no such file or directory'],
  ['EACCES', 'permission denied'],
  ['ENOTDIR', 'not a directory'],
]);

function readFile(path: string, read: () => Uint8Array): Uint8Array {
  try {
    return read();
  } catch (error) {
    if (error instanceof BloblangError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EISDIR') throw new BloblangError(`read ${path}: is a directory`);
    throw new BloblangError(`open ${path}: ${REASONS.get(code) ?? String(error)}`);
  }
}

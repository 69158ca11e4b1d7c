import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ProblemLog } from '../problem/problem.ts';
import { SourceFile } from './source-file.ts';

/** More than any configuration needs, and parsed in about two seconds. */
const MAX_BYTES = 4 * 1024 * 1024;

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; check its name, which is relative to the current directory unless it begins with `/`',
  EACCES: 'permission denied; allow this user to read it',
  EPERM: 'permission denied; allow this user to read it',
  ELOOP: 'too many symbolic links',
  ENAMETOOLONG: 'the name is too long',
  ENOTDIR: 'a part of its path is not a directory',
};

/** The file's text, or `undefined` and a problem at its first character. */
export async function readSource(path: string, log: ProblemLog): Promise<SourceFile | undefined> {
  const start = { file: path, line: 1, column: 1 };
  let bytes: Uint8Array;
  try {
    const facts = await stat(path);
    if (facts.isDirectory()) {
      log.error(
        'file.unreadable',
        start,
        'is a directory; name the configuration files in it, or `directory/...` where a command takes that',
      );
      return undefined;
    }
    if (facts.size > MAX_BYTES) return refuseSize(path, `${mebibytes(facts.size)} MiB`, log);
    bytes = await readAtMost(path, MAX_BYTES + 1);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    log.error('file.unreadable', start, `cannot be read: ${REASONS[code] ?? (cause as Error).message}`);
    return undefined;
  }
  return decodeSource(path, bytes, log);
}

/** The text of `bytes`, or `undefined` and a problem at the first byte that is not UTF-8. */
export function decodeSource(name: string, bytes: Uint8Array, log: ProblemLog): SourceFile | undefined {
  if (bytes.byteLength > MAX_BYTES) return refuseSize(name, `more than ${mebibytes(MAX_BYTES)} MiB`, log);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    .toString('utf8')
    .replace(/^\uFEFF/, '');
  const file = new SourceFile(name, text);
  const bad = firstInvalid(text, bytes);
  if (bad === undefined) return file;
  log.error('file.encoding', file.positionAt(bad), 'is not UTF-8 from here on; save the file as UTF-8');
  return undefined;
}

/** Index in the leniently decoded text of the first character that stands for invalid bytes. */
function firstInvalid(text: string, bytes: Uint8Array): number | undefined {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return undefined;
  } catch {
    const bom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
    let index = -1;
    do {
      index = text.indexOf('\uFFFD', index + 1);
      const at = bom + Buffer.byteLength(text.slice(0, index));
      if (bytes[at] !== 0xef || bytes[at + 1] !== 0xbf || bytes[at + 2] !== 0xbd) return index;
    } while (index !== -1);
    return 0;
  }
}

/** The first bytes of a file: a pipe or a device says nothing of its size beforehand. */
async function readAtMost(path: string, limit: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= limit) break;
  }
  return Buffer.concat(chunks);
}

function refuseSize(file: string, size: string, log: ProblemLog): undefined {
  log.error(
    'file.too-large',
    { file, line: 1, column: 1 },
    `is ${size}; a configuration file may hold at most ${mebibytes(MAX_BYTES)} MiB`,
  );
}

const mebibytes = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

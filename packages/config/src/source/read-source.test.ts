import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProblemLog } from '../problem/problem.ts';
import { readSource } from './read-source.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice-source-'));

describe('readSource', () => {
  it('reads a file without its byte order mark', async () => {
    expect(await read('bom.yaml', Buffer.from('\uFEFFa: ü\n'))).toEqual({ text: 'a: ü\n', problems: [] });
  });

  it('says which byte is not UTF-8, also behind a real replacement character', async () => {
    const bytes = Buffer.concat([Buffer.from('\uFEFFa: \uFFFD\nb: "ü'), Buffer.from([0xff]), Buffer.from('"\n')]);
    expect(await read('bytes.yaml', bytes)).toEqual({
      text: undefined,
      problems: ['file.encoding 2:6 is not UTF-8 from here on; save the file as UTF-8'],
    });
  });

  it('refuses a directory and a file that is not there', async () => {
    mkdirSync(join(directory, 'conf'));
    expect([(await read('conf')).problems, (await read('missing.yaml')).problems]).toEqual([
      ['file.unreadable 1:1 is a directory; name the configuration files in it, or `directory/...` where a command takes that'],
      [
        'file.unreadable 1:1 cannot be read: no such file; check its name, which is relative to the current directory unless it begins with `/`',
      ],
    ]);
  });
});

async function read(name: string, bytes?: Buffer) {
  const path = join(directory, name);
  if (bytes) writeFileSync(path, bytes);
  const log = new ProblemLog();
  const file = await readSource(path, log);
  return { text: file?.text, problems: log.problems.map(({ code, line, column, message }) => `${code} ${line}:${column} ${message}`) };
}

import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linesOf } from './lines-of.ts';

it('reads the lines of a file, and says which one it cannot read', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lines-'));
  const file = join(folder, 'some');
  await writeFile(file, 'a\r\n\nb');
  expect(await all(linesOf(file))).toEqual(['a', '', 'b']);
  for (const wrong of [join(folder, 'none'), folder])
    await expect(all(linesOf(wrong))).rejects.toMatchObject({ code: 'UNREADABLE_FILE', details: { file: wrong } });
});

async function all(lines: AsyncIterable<string>): Promise<string[]> {
  const read: string[] = [];
  for await (const line of lines) read.push(line);
  return read;
}

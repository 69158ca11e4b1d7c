import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomFor } from '@sluice/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createConfig } from '../create/create-config.ts';
import { dialects } from '../create/dialect.ts';
import { lintFiles } from './lint-files.ts';
import { renderReport, reportAsJson } from './render-report.ts';

const ROUNDS = 250;
const JUNK = [
  '\0',
  '\x1b[31m',
  '\t',
  '\r\n',
  '\n',
  ': ',
  '- ',
  '---\n',
  '[',
  '}',
  '"',
  "'",
  '&a ',
  '*a ',
  '<<: *a',
  '!!map ',
  '${X}',
  '${! ',
  '|',
  '#',
  '日本',
  '🙂',
  '~',
  '-1',
  '1e999',
  '__proto__: 1',
  '\u2028',
];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-lint-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('lint of what is nearly right', () => {
  const { seed, below: random } = randomFor('lint of what is nearly right');
  const valid = dialects.flatMap((dialect) => [createConfig(dialect, false), createConfig(dialect, true)]);

  it(`answers with problems inside the file, in every form of report (SLUICE_TEST_SEED=${seed})`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const bytes = mutated(Buffer.from(valid[random(valid.length)]!), random);
      const [file, other] = [join(folder, 'mutated.yaml'), join(folder, 'other.yaml')];
      await writeFile(file, bytes);
      await writeFile(other, valid[random(valid.length)]!);
      const report = await lintFiles({
        files: [file, other],
        ...{ env: {}, envFiles: [], strict: random(2) === 0, chilled: random(2) === 0, skipsEnvCheck: random(2) === 0 },
      });
      const lines = bytes
        .toString()
        .replace(/^\uFEFF/, '')
        .split('\n');
      const outside = report.problems.filter(
        (problem) =>
          problem.file === file &&
          !(problem.line >= 1 && problem.column >= 1 && problem.column <= (lines[problem.line - 1]?.length ?? -1) + 1),
      );
      expect({ round, outside, text: bytes.toString() }).toEqual({ round, outside: [], text: bytes.toString() });
      for (const excerpt of [true, false]) expect(renderReport(report, { excerpt, color: false })).not.toMatch(/[^\P{Cc}\n]/u);
      expect(JSON.parse(reportAsJson(report)).problems).toEqual(report.problems);
    }
  });
});

/** One to four edits: bytes put in, left out, doubled or changed. */
function mutated(bytes: Buffer, random: (below: number) => number): Buffer {
  let result = bytes;
  for (let edits = 1 + random(4); edits > 0; edits--) {
    const at = random(result.length + 1);
    const length = random(40);
    const [before, middle, after] = [result.subarray(0, at), result.subarray(at, at + length), result.subarray(at + length)];
    const edit = random(5);
    if (edit === 0) result = Buffer.concat([before, Buffer.from(JUNK[random(JUNK.length)]!), middle, after]);
    else if (edit === 1) result = Buffer.concat([before, after]);
    else if (edit === 2) result = Buffer.concat([before, middle, middle, after]);
    else if (edit === 3) result = Buffer.concat([before, Buffer.from([random(256)]), middle, after]);
    else result = Buffer.concat([before, Buffer.from(middle.toString().toUpperCase()), after]);
  }
  return result;
}

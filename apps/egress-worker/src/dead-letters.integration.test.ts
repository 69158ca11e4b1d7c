import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startRig, TARGET, until } from '@sluice/egress/testing';
import { countDeadLetters, parseDeadLetterLine } from '@sluice/queue';
import { expect, it } from 'vitest';
import { command } from './testing/command.ts';

it('sends a record that can never succeed to the file that the settings name, and writes its neighbours', async () => {
  await using rig = await startRig();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-dead-letters-'));
  const file = join(folder, 'dead.jsonl');
  const records = ['small', 'x'.repeat(2 ** 20 + 1), 'last'].map((text) => ({ partitionKey: 'k', data: Buffer.from(text), metadata: {} }));
  await rig.sender.enqueue([{ lane: 1, records }], rig.session.epoch);
  await using worker = await command(rig, {
    'module.yaml': `
kind: io.statefun.kinesis.v1/egress
spec:
  id: ${TARGET}
  awsRegion: { type: specific, id: us-east-1 }
  awsCredentials: { type: basic, accessKeyId: test, secretAccessKey: test }
`,
    'sluice.yaml': `sluice: { lanes: 4, egresses: { ${TARGET}: { stream: out } }, dead_letters: { output: { file: ${file} } } }\n`,
  });

  const lines = async () => (await readFile(file, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  await until(async () => (await lines()).length > 0);
  await until(async () => (await countDeadLetters(rig.session, { target: TARGET })) === 0);
  const [line, ...others] = await lines();
  const { target, reason, record } = parseDeadLetterLine(line!, 1);
  expect([target, reason.code, record.data.byteLength, others]).toEqual([TARGET, 'RECORD_TOO_LARGE', 2 ** 20 + 1, []]);
  await until(async () => (await rig.readAll()).length === 2);
  expect((await rig.readAll()).toSorted()).toEqual(['last', 'small']);
  await expect(worker.stop()).resolves.toBe(0);
  await rm(folder, { recursive: true });
});

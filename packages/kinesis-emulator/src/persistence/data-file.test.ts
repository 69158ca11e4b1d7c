import fs from 'node:fs';
import { appendFile, copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  GetRecordsCommand,
  IncreaseStreamRetentionPeriodCommand,
  PutRecordCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import type { Logger } from '@sluice/core';
import { randomFor } from '@sluice/testkit';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type KinesisEmulator, type KinesisEmulatorOptions, startKinesisEmulator } from '../emulator.ts';
import { MIB } from '../limits.ts';
import { KinesisTarget } from '../testing/target.ts';

const SHARD = 'shardId-000000000000';
const SIGNATURE_BYTES = 32;

describe('a data file', () => {
  it('brings back streams, shards, records, sequence numbers and iterators', async () => {
    const file = await newFile();
    const before = await emulatorOn(file, { streams: { s: 1 } });
    await before.put('a', 'é');
    const iterator = await before.target.iterator({ StreamName: 's', ShardId: SHARD, ShardIteratorType: 'LATEST' });
    await before.put('b');
    await before.target.client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName: 's', RetentionPeriodHours: 48 }));
    await before.target.client.send(
      new SplitShardCommand({ StreamName: 's', ShardToSplit: SHARD, NewStartingHashKey: String(2n ** 127n) }),
    );
    await before.put('c');
    const [shards, records, summary] = [await before.target.shards('s'), before.stored(), await before.summary()];
    await before.stop();

    const after = await emulatorOn(file, { streams: { s: 7 } });

    expect(await after.target.shards('s')).toEqual(shards);
    expect(after.stored()).toEqual(records);
    expect(await after.summary()).toEqual(summary);
    const { Records: page } = await after.target.client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    expect(page!.map(({ Data: data }) => Buffer.from(data!).toString())).toEqual(['b']);
  });

  it('gives out no sequence number twice', async () => {
    const file = await newFile();
    const numbers: string[] = [];
    for (let run = 0; run < 3; run++) {
      const { put, stop } = await emulatorOn(file, { streams: { s: 1 } });
      for (const text of ['a', 'b', 'c']) numbers.push(...(await put(text)));
      await stop();
    }

    expect(numbers).toEqual([...new Set(numbers)].sort());
    expect(numbers).toHaveLength(9);
  });

  it('forgets a stream that was deleted, also where its name is used again', async () => {
    const file = await newFile();
    const before = await emulatorOn(file, { streams: { s: 1, gone: 1 } });
    await before.put('old');
    for (const name of ['s', 'gone']) await before.target.client.send(new DeleteStreamCommand({ StreamName: name }));
    await before.target.client.send(new CreateStreamCommand({ StreamName: 's', ShardCount: 2 }));
    await before.put('new');
    await before.stop();

    const after = await emulatorOn(file);

    expect(after.emulator.account.streams().map(({ name }) => name)).toEqual(['s']);
    expect(after.stored().map(({ text }) => text)).toEqual(['new']);
  });

  it('drops a request that was half written, wherever it was cut, and says so', async () => {
    const file = await newFile();
    const before = await emulatorOn(file, { streams: { s: 1 } });
    await before.put('kept');
    const whole = (await stat(file)).size;
    await before.put('torn');
    await before.stop();
    const bytes = await readFile(file);

    for (let length = whole; length < bytes.length; length++) {
      await writeFile(file, bytes.subarray(0, length));
      const { stored, warnings, stop } = await emulatorOn(file);

      expect(stored().map(({ text }) => text)).toEqual(['kept']);
      expect(warnings).toEqual(length === whole ? [] : [{ path: file, droppedBytes: length - whole }]);
      await stop();
    }
  });

  it.each([
    ['a last frame with other bytes than were written', (bytes: Buffer) => bytes.fill(0, bytes.length - 3)],
    ['zeros behind its end', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(100)])],
  ])('starts with %s', async (_, damage) => {
    const file = await newFile();
    const before = await emulatorOn(file, { streams: { s: 1 } });
    await before.put('a');
    await before.stop();
    await writeFile(file, damage(await readFile(file)));

    const { warnings } = await emulatorOn(file);

    expect(warnings).toHaveLength(1);
  });

  it('refuses a file that is damaged before its end, and leaves it as it is', async () => {
    const file = await newFile();
    const before = await emulatorOn(file, { streams: { s: 1 } });
    await before.put('a');
    await before.stop();
    const bytes = await readFile(file);
    bytes[SIGNATURE_BYTES + 20]! ^= 1;
    await writeFile(file, bytes);

    await expect(startKinesisEmulator({ dataFile: file })).rejects.toMatchObject({
      code: 'DATA_FILE_NOT_USABLE',
      disposition: 'fatal',
      message: `kinesis emulator cannot use the data file ${file}: it is damaged at byte 32, before its end; restore it from a copy, or remove it`,
    });
    expect(await readFile(file)).toEqual(bytes);
  });

  it('refuses a file that is not its own, and leaves it as it is', async () => {
    const file = await newFile();
    await writeFile(file, 'my only copy');

    await expect(startKinesisEmulator({ dataFile: file })).rejects.toMatchObject({
      code: 'DATA_FILE_NOT_USABLE',
      message: expect.stringContaining('it is not a data file of this version; choose another name'),
    });
    expect(await readFile(file, 'utf8')).toBe('my only copy');
  });

  it('answers with a failure once another emulator has taken the file', async () => {
    const file = await newFile();
    const first = await emulatorOn(file, { streams: { s: 1 } });
    const second = await emulatorOn(file);

    await expect(first.put('lost')).rejects.toMatchObject({ name: 'InternalFailure' });
    await second.put('kept');
    await second.stop();

    expect((await emulatorOn(file)).stored().map(({ text }) => text)).toEqual(['kept']);
  });

  it('keeps what follows a change that could not be written', async () => {
    const file = await newFile();
    const before = await emulatorOn(file, { streams: { s: 1 } });
    const split = new SplitShardCommand({ StreamName: 's', ShardToSplit: SHARD, NewStartingHashKey: String(2n ** 127n) });
    failNextWrite();
    await expect(before.target.client.send(split)).rejects.toMatchObject({ name: 'InternalFailure' });
    await before.put('to a child');
    const [shards, records] = [await before.target.shards('s'), before.stored()];
    await before.stop();

    const after = await emulatorOn(file);

    expect(await after.target.shards('s')).toEqual(shards);
    expect(after.stored()).toEqual(records);
    expect(records).toHaveLength(1);
  });

  it('begins with an empty file as with none', async () => {
    const file = await newFile();
    await appendFile(file, '');
    await truncate(file);

    await expect(emulatorOn(file)).resolves.toBeDefined();
  });

  it('is written anew before it is many times as large as what it holds', async () => {
    const file = await newFile();
    const before = await emulatorOn(file, { streams: { s: 1 }, memoryCapBytes: MIB });
    const records = Array.from({ length: 9 }, () => ({ PartitionKey: 'key', Data: Buffer.alloc(MIB - 16) }));
    for (let request = 0; request < 10; request++) {
      await before.target.client.send(new PutRecordsCommand({ StreamName: 's', Records: records }));
    }
    await before.put('last');
    expect((await stat(file)).size).toBeLessThan(70 * MIB);
    await before.stop();

    const after = await emulatorOn(file);
    expect(after.stored().at(-1)!.text).toBe('last');
  });
});

describe('a data file under a memory cap', () => {
  it('brings back exactly what was not trimmed, and trims nothing at a start', async () => {
    const file = await newFile();
    const random = randomFor('record sizes');
    for (let run = 0; run < 4; run++) {
      const before = await emulatorOn(file, { streams: { s: 2 }, memoryCapBytes: MIB });
      for (let request = 0; request < 60; request++) {
        const records = Array.from({ length: 3 }, (_, index) => ({
          PartitionKey: `${request} ${index}`,
          Data: Buffer.alloc(1 + random.below(40_000)),
        }));
        await before.target.client.send(new PutRecordsCommand({ StreamName: 's', Records: records }));
        if (request % 10 > 0) continue;
        const copy = await newFile();
        await copyFile(file, copy);
        const after = await emulatorOn(copy, { memoryCapBytes: MIB });

        expect(numbersOf(after)).toEqual(numbersOf(before));
        expect(after.warnings).toEqual([]);
        await after.stop();
      }
      await before.stop();
    }
  });
});

/** The disk is full for one write, which is left half done. */
function failNextWrite(): void {
  const { writeSync } = fs;
  const restore = () => {
    Object.assign(fs, { writeSync });
    syncBuiltinESMExports();
  };
  const writeHalf = (file: number, bytes: Buffer) => {
    restore();
    writeSync(file, bytes, 0, bytes.length / 2);
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  Object.assign(fs, { writeSync: writeHalf });
  syncBuiltinESMExports();
  onTestFinished(restore);
}

const numbersOf = ({ emulator }: { emulator: KinesisEmulator }) => emulator.records('s').map(({ sequenceNumber }) => sequenceNumber);

async function newFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'kinesis-data-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return join(directory, 'data');
}

/** An emulator that keeps its records in `file`, and a client. */
async function emulatorOn(file: string, options: KinesisEmulatorOptions = {}) {
  const warnings: unknown[] = [];
  const silent = () => undefined;
  const logger: Logger = { debug: silent, info: silent, error: silent, warn: (_, facts) => warnings.push(facts), child: () => logger };
  const emulator = await startKinesisEmulator({ dataFile: file, quotas: false, logger, ...options });
  const target = new KinesisTarget(emulator.endpoint);
  const stop = async () => {
    target.close();
    await emulator[Symbol.asyncDispose]();
  };
  onTestFinished(stop);
  return {
    emulator,
    target,
    warnings,
    stop,
    summary: async () => emulator.account.stream('s').state,
    stored: () => emulator.records('s').map(({ data, ...facts }) => ({ ...facts, text: data.toString() })),
    /** Puts one record for each text; answers their sequence numbers. */
    async put(...texts: readonly string[]): Promise<string[]> {
      const numbers: string[] = [];
      for (const text of texts) {
        const { SequenceNumber: number } = await target.client.send(
          new PutRecordCommand({ StreamName: 's', PartitionKey: text, Data: Buffer.from(text) }),
        );
        numbers.push(number!);
      }
      return numbers;
    },
  };
}

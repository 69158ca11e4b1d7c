import { stat } from 'node:fs/promises';
import { plural } from '@sluice/core';
import { addConfigFlags, type ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { linesIn, linesOf } from '../feed/record-source.ts';
import { loadStreamConfig } from '../kinesis/stream-config.ts';
import { PutUsageError } from '../put/errors.ts';
import { wholeNumber } from '../terminal/whole-number.ts';

interface PutFlags extends ConfigFlags {
  readonly file?: string;
  readonly generate?: string;
  readonly key?: string;
  readonly rate?: number;
  readonly count?: number;
  readonly resumeFile?: string;
}

/** `sluice put`: records into a stream, or onto an egress. */
export const putCommand = (): Command =>
  addConfigFlags(new Command('put'))
    .description('Put lines, or records that a mapping makes, into a Kinesis stream, or into the lanes of an egress.')
    .argument(
      '<name>',
      'a stream, its ARN, or an egress or another output behind lanes of the configuration: then its workers write the records',
    )
    .option('-f, --file <path>', 'the lines of a file instead of those of standard input')
    .option('-g, --generate <mapping>', 'records that this Bloblang mapping makes, until --count or a signal')
    .option('-k, --key <field>', 'the field of a JSON record that is its partition key; without it the record itself is')
    .option('--rate <count>', 'at most this many records a second', wholeNumber(1))
    .option('--count <count>', 'stop after this many records', wholeNumber(0))
    .option('--resume-file <path>', 'keep there how many lines are stored, and go on after them when it is run again')
    .addHelpText(
      'after',
      `
Examples:
  sluice put orders --key id < orders.jsonl
  sluice put orders --generate 'root = {"id": uuid_v4(), "at": now()}' --key id --rate 100
  sluice put output/orders -c sluice.yaml --file orders.jsonl --resume-file orders.put

Region, endpoint and credentials come from the configuration where it reads or writes the stream, from the \`sluice up\` that runs on this
machine where nothing else is named, or from the AWS environment. Lines leave in requests of up to 500, or at the end of the input. Above the high-water mark of an egress\nit waits. A line whose answer was lost is put again.`,
    )
    .action(async (name: string, flags: PutFlags) => {
      const { file, count = Number.POSITIVE_INFINITY, rate = Number.POSITIVE_INFINITY } = flags;
      const streams = await loadStreamConfig(flags);
      let readBytes = 0;
      const stopping = new AbortController();
      const all = await recordsOf(flags, stopping.signal, (bytes) => {
        readBytes = bytes;
      });
      const { put } = await import('../put/put.ts');
      const { openDestination } = await import('../put/destination.ts');
      const { createPutProgress } = await import('../put/put-progress.ts');
      const stop = () => stopping.abort();
      process.once('SIGINT', stop).once('SIGTERM', stop);
      const point = { input: file ?? 'standard input', into: name };
      const { readResumeFile, skip, writeResumeFile } = await import('../put/resume-file.ts');
      const before = flags.resumeFile === undefined ? 0 : await readResumeFile(flags.resumeFile, point);
      const bytes = file === undefined ? undefined : await sizeOf(file);
      const progress = createPutProgress(process.stderr);
      await using destination = await openDestination(name, streams, stopping.signal);
      const stored = await put({
        ...{ store: destination.store, count, rate, signal: stopping.signal, records: before > 0 ? skip(all, before) : all },
        onStored(stored, elapsedMs) {
          const done = Number.isFinite(count) ? stored / count : bytes && readBytes / bytes;
          progress.show({ stored, elapsedMs, ...(done !== undefined && { done }) });
        },
        async onBatchStored(stored) {
          if (flags.resumeFile !== undefined) await writeResumeFile(flags.resumeFile, { ...point, records: before + stored });
        },
      });
      progress.done();
      process.stderr.write(
        `${plural(stored, 'record')} put into ${name}${before > 0 ? `, after ${plural(before, 'record')} of before` : ''}\n`,
      );
      // Nobody may be waiting at the other end of standard input.
      process.stdin.destroy();
    });

async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: Error) => {
    throw new PutUsageError(`expected a file with lines as --file, found none: ${error.message}`);
  });
  if (found.isDirectory()) throw new PutUsageError(`expected a file with lines as --file, found the folder ${file}`);
  return found.size;
}

async function recordsOf({ file, generate: mapping, key, resumeFile }: PutFlags, signal: AbortSignal, onRead: (bytes: number) => void) {
  if (file !== undefined && mapping !== undefined) throw new PutUsageError('expected --file or --generate, found both');
  if (mapping !== undefined && resumeFile !== undefined)
    throw new PutUsageError('expected lines with --resume-file, found --generate, which makes other records each time');
  if (mapping !== undefined) return (await import('../put/generate.ts')).generate(mapping, key, signal)();
  return file === undefined ? linesIn(process.stdin, key) : linesOf(file, key, onRead);
}

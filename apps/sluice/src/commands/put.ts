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
}

/** `sluice put`: records into a stream. */
export const putCommand = (): Command =>
  addConfigFlags(new Command('put'))
    .description('Put lines, or records that a mapping makes, into a Kinesis stream.')
    .argument('<stream>', 'the name of the stream, or its ARN')
    .option('-f, --file <path>', 'the lines of a file instead of those of standard input')
    .option('-g, --generate <mapping>', 'records that this Bloblang mapping makes, until --count or a signal')
    .option('-k, --key <field>', 'the field of a JSON record that is its partition key; without it the record itself is')
    .option('--rate <count>', 'at most this many records a second', wholeNumber(1))
    .option('--count <count>', 'stop after this many records', wholeNumber(0))
    .addHelpText(
      'after',
      `
Examples:
  sluice put orders --key id < orders.jsonl
  sluice put orders --generate 'root = {"id": uuid_v4(), "at": now()}' --key id --rate 100

Region, endpoint and credentials come from the configuration where it reads or writes the stream, from the \`sluice up\` that runs on this
machine where nothing else is named, or from the AWS environment. Lines leave in requests of up to 500, or at the end of the input.`,
    )
    .action(async (stream: string, flags: PutFlags) => {
      const streams = await loadStreamConfig(flags);
      const records = await recordsOf(flags);
      const { put } = await import('../put/put.ts');
      const stopping = new AbortController();
      const stop = () => stopping.abort();
      process.once('SIGINT', stop).once('SIGTERM', stop);
      const { count = Number.POSITIVE_INFINITY, rate = Number.POSITIVE_INFINITY } = flags;
      const stored = await put({ stream, records, count, rate, streams, signal: stopping.signal });
      process.stderr.write(`${plural(stored, 'record')} put into ${stream}\n`);
      // Nobody may be waiting at the other end of standard input.
      process.stdin.destroy();
    });

async function recordsOf({ file, generate: mapping, key }: PutFlags) {
  if (file !== undefined && mapping !== undefined) throw new PutUsageError('expected --file or --generate, found both');
  if (mapping !== undefined) return (await import('../put/generate.ts')).generate(mapping, key)();
  return file === undefined ? linesIn(process.stdin, key) : linesOf(file, key);
}

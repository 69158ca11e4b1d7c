import { once } from 'node:events';
import { plural, systemClock } from '@sluice/core';
import { addConfigFlags, type ConfigFlags } from '@sluice/worker';
import { Command } from 'commander';
import { wholeNumber } from '../terminal/whole-number.ts';

interface TailFlags extends ConfigFlags {
  readonly decode?: boolean;
  readonly filter?: string;
  readonly from: string;
  readonly to?: string;
  readonly shard: readonly string[];
  readonly limit: number;
}

const repeat = (value: string, before: readonly string[]): readonly string[] => [...before, value];

/** `sluice tail`: the records of a stream. */
export const tailCommand = (): Command =>
  addConfigFlags(new Command('tail'))
    .description('Show the records of a stream as they arrive, or from an earlier position, as lines of JSON.')
    .argument('<name>', 'a stream, its ARN, or an egress of the configuration: then the stream that it writes')
    .option('-d, --decode', 'show data as JSON or text where it is; without it, and where it is neither, as base64')
    .option('-f, --filter <query>', 'show only the records of which this Bloblang query says true')
    .option(
      '--from <position>',
      'latest, earliest, a time (ISO 8601), a duration back (-2h), a sequence number (after it), or at:NUMBER (with it)',
      'latest',
    )
    .option('--to <number>', 'stop after the record with this sequence number')
    .option('--shard <id>', 'only this shard; repeatable', repeat, [])
    .option('--limit <count>', 'stop after so many records', wholeNumber(0), Number.POSITIVE_INFINITY)
    .addHelpText(
      'after',
      `
It holds no lease and moves no checkpoint. It asks each shard once a second, which counts towards the five reads a second that a shard allows.
Records of aggregates are shown one by one.

Examples:
  sluice tail orders --decode
  sluice tail output/orders -c sluice.yaml --from earliest --filter 'this.total > 100' --limit 10`,
    )
    .action(async (name: string, { decode = false, filter: query, from, to, shard, limit, ...flags }: TailFlags) => {
      const { startPosition } = await import('../tail/start-position.ts');
      const { TailUsageError } = await import('../tail/errors.ts');
      const position = startPosition(from, systemClock.now());
      if ((to !== undefined || position.type.endsWith('SEQUENCE_NUMBER')) && shard.length !== 1)
        throw new TailUsageError('a sequence number belongs to one shard: name it with --shard');
      const filter = query === undefined ? undefined : (await import('../tail/filter.ts')).createFilter(query);
      const { loadStreamConfig, openStreamSource } = await import('../kinesis/stream-config.ts');
      const { tailStream } = await import('../tail/tail-stream.ts');
      const { recordLine } = await import('../tail/record-line.ts');
      const { streamCalled } = await import('../tail/stream-called.ts');
      const streams = await loadStreamConfig(flags);
      const stream = streamCalled(name, streams.config);
      using source = await openStreamSource(streams, stream);
      const stopping = new AbortController();
      process.once('SIGINT', () => stopping.abort()).once('SIGTERM', () => stopping.abort());
      let shown = 0;
      if (limit > 0)
        await tailStream({
          ...{ source, stream, shardIds: shard, from: position, to, signal: stopping.signal },
          async onRecord(record) {
            if (filter && !filter.passes(record)) return true;
            if (!process.stdout.write(`${recordLine(record, decode)}\n`)) await once(process.stdout, 'drain');
            shown += 1;
            return shown < limit;
          },
        });
      if (filter && filter.failures.count > 0)
        process.stderr.write(
          `the filter failed on ${plural(filter.failures.count, 'record')}, which are not shown: ${filter.failures.first}\n`,
        );
    });

import type { CompileContext, Processor, ProcessorSettings } from './processor.ts';

interface BenchmarkOptions {
  /** In milliseconds; 0 logs nothing. */
  readonly interval: number;
  readonly count_bytes: boolean;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/**
 * `benchmark`: counts messages and bytes that pass, as metrics, and logs the throughput with the first batch after each interval. The
 * messages pass unchanged.
 */
export function benchmark(settings: ProcessorSettings, { logger, metrics, clock }: CompileContext): Processor {
  const { path, label = '' } = settings;
  const { interval, count_bytes: countsBytes } = settings.options as unknown as BenchmarkOptions;
  const of = { label, path };
  const open = (name: string) => metrics?.open({ kind: 'counter', name, labels: ['label', 'path'] }) ?? (() => undefined);
  const countMessages = open('benchmark_messages_total');
  const countBytes = open('benchmark_bytes_total');
  let since = clock.now();
  let messages = 0;
  let bytes = 0;
  return (batch) => {
    const batchBytes = countsBytes ? batch.reduce((sum, { message: { content } }) => sum + content.byteLength, 0) : 0;
    countMessages(of, batch.length);
    countBytes(of, batchBytes);
    messages += batch.length;
    bytes += batchBytes;
    const seconds = (clock.now() - since) / 1_000;
    if (interval > 0 && seconds * 1_000 >= interval) {
      const throughput = countsBytes ? `, ${sizeText(bytes / seconds)}/sec` : '';
      logger.info(`rolling stats: ${Number((messages / seconds).toPrecision(6))} msg/sec${throughput}`, of);
      since = clock.now();
      messages = 0;
      bytes = 0;
    }
    return [batch];
  };
}

function sizeText(size: number): string {
  const power = size < 1 ? 0 : Math.min(Math.floor(Math.log10(size) / 3), UNITS.length - 1);
  return `${Number((size / 1_000 ** power).toPrecision(2))} ${UNITS[power]}`;
}

import type { Interpolation, Message } from '@sluice/bloblang';
import { parseFloat64 } from '@sluice/values';
import { compileInterpolation } from './bloblang-text.ts';
import { ProcessorConfigError } from './errors.ts';
import { attempt, attemptTo, ContentError, isFailure } from './failure.ts';
import type { CompileContext, MetricsPort, Processor, ProcessorSettings, SourceText } from './processor.ts';

type Kind = 'counter' | 'counter_by' | 'gauge' | 'timing';

interface MetricOptions {
  readonly type: Kind;
  readonly name: string;
  readonly labels?: Readonly<Record<string, SourceText>>;
  readonly value: SourceText;
}

/**
 * `metric`: counts messages, or measures by a value of them; the messages pass unchanged. A value or a label that fails is only logged.
 * Two labels are always there: `label` and `path` of the processor.
 */
export function metric(settings: ProcessorSettings, { logger, metrics }: CompileContext): Processor {
  const { path, label = '', options } = settings;
  const { type, labels = {}, value: text } = options as unknown as MetricOptions;
  const value = compileInterpolation(text, settings);
  const own = Object.entries(labels).map(([name, source]): [string, Interpolation] => [name, compileInterpolation(source, settings)]);
  const record = openMetric(settings, metrics, ['label', 'path', ...own.map(([name]) => name)]);
  const labelsOf = (messages: readonly Message[], index: number): Record<string, string> =>
    Object.fromEntries([
      ['label', label],
      ['path', path],
      ...own.map(([name, interpolation]) => [name, interpolation.evaluate(messages, index)]),
    ]) as Record<string, string>;
  return (batch) => {
    const messages = batch.map(({ message }) => message);
    for (const index of messages.keys()) {
      const amount = attemptTo('Value interpolation error', () => value.evaluate(messages, index));
      if (isFailure(amount)) {
        logger.error(amount.message, { path, label });
        continue;
      }
      const outcome = attemptTo('Handler error', () => {
        const of = attemptTo('label interpolation error', () => labelsOf(messages, index));
        if (isFailure(of)) throw of;
        record(of, type === 'counter' ? 1 : amountIn(amount, type));
      });
      if (isFailure(outcome)) logger.error(outcome.message, { path, label });
    }
    return [batch];
  };
}

function openMetric({ position, path, options }: ProcessorSettings, metrics: MetricsPort | undefined, labels: readonly string[]) {
  const { type, name } = options as unknown as MetricOptions;
  if (name === '') throw new ProcessorConfigError(position, path, 'metric name must not be empty');
  try {
    return metrics?.open({ kind: type === 'counter_by' ? 'counter' : type, name, labels: [...new Set(labels)] }) ?? (() => undefined);
  } catch (error) {
    if (error instanceof RangeError) throw new ProcessorConfigError(position, path, error.message, error);
    throw error;
  }
}

/** Throws what {@link attempt} takes for a failure. A timing is a whole number. */
function amountIn(text: string, type: Kind): number {
  if (/^[+-]?\d+$/.test(text)) {
    const value = Number(text);
    if (value < 0) throw new ContentError(type === 'timing' ? 'value is negative' : `value ${BigInt(text)} is negative`);
    return value;
  }
  if (type === 'timing') throw new ContentError(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  const value = attempt(() => parseFloat64(text));
  if (isFailure(value)) throw value;
  if (value < 0) throw new ContentError(`value ${value.toFixed(6)} is negative`);
  return value;
}

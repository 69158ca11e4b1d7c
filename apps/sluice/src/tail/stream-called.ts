import type { SluiceConfig } from '@sluice/config';
import { TailUsageError } from './errors.ts';

/**
 * The stream that a person means: that of an egress of the configuration, or the stream of that name.
 * @throws {TailUsageError} the records of the egress name their streams
 */
export function streamCalled(name: string, { egresses }: SluiceConfig): string {
  const egress = egresses.find(({ id }) => id === name);
  if (!egress) return name;
  if (egress.stream.type === 'fixed') return egress.stream.stream;
  throw new TailUsageError(`expected a stream, found the egress ${name}, whose records name their streams: name one of them`);
}

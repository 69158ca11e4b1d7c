import { compressorOf, decompressorOf } from '@sluice/codecs';
import { BloblangError } from '@sluice/values';
import { ProcessorConfigError } from './errors.ts';
import { attempt, flagged, isFailure } from './failure.ts';
import type { Processor, ProcessorSettings } from './processor.ts';

/** `compress`: the content of each message, compressed. */
export function compress(settings: ProcessorSettings): Processor {
  const run = algorithmOf(settings, compressorOf);
  const level = settings.options['level'] as number;
  return changeContent(settings, (content) => run(content, level));
}

/** `decompress`: the content of each message, decompressed; what is damaged or unpacks to more than 64 MiB is flagged. */
export const decompress = (settings: ProcessorSettings): Processor => changeContent(settings, algorithmOf(settings, decompressorOf));

function algorithmOf<T>(settings: ProcessorSettings, find: (name: string) => T): T {
  const algorithm = attempt(() => find(settings.options['algorithm'] as string));
  if (algorithm instanceof BloblangError) throw new ProcessorConfigError(settings.position, settings.path, algorithm.message);
  return algorithm as T;
}

function changeContent(settings: ProcessorSettings, change: (content: Uint8Array) => Uint8Array): Processor {
  return (batch) => [
    batch.map((item) => {
      const content = attempt(() => change(item.message.content));
      return isFailure(content) ? flagged(item, content, settings) : { ...item, message: { ...item.message, content } };
    }),
  ];
}

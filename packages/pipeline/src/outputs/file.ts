import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseInterpolation } from '@sluice/bloblang-library';
import type { BloblangSource } from '@sluice/config';
import { type BuildOutput, optionsOf } from '../component.ts';
import { codecOf, encode } from './codec.ts';
import { leaf } from './leaf.ts';

interface FileOptions {
  readonly path: BloblangSource;
  readonly codec: string;
}

/** `file`: messages to files, whose paths may depend on the messages. */
export const file: BuildOutput = (settings, context) => {
  const options = optionsOf<FileOptions>(settings);
  const codec = codecOf(options.codec, settings);
  const path = parseInterpolation(options.path.source);
  const write = codec.replaces ? writeFile : appendFile;
  return leaf(
    async (messages) => {
      for (const [index, { content }] of messages.entries()) {
        const name = path.evaluate(messages, index);
        await mkdir(dirname(name), { recursive: true });
        await write(name, encode(content, codec));
      }
    },
    settings,
    context,
  );
};

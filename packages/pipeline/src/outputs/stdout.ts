import { type BuildOutput, optionsOf } from '../component.ts';
import { codecOf, encode } from './codec.ts';
import { leaf } from './leaf.ts';

/** `stdout`: messages to standard output. */
export const stdout: BuildOutput = (settings, context) => {
  const codec = codecOf(optionsOf<{ readonly codec: string }>(settings).codec, settings);
  const write = (bytes: Uint8Array): Promise<void> =>
    new Promise((resolve, reject) => {
      context.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  return leaf((messages) => write(Buffer.concat(messages.map(({ content }) => encode(content, codec)))), settings, context);
};

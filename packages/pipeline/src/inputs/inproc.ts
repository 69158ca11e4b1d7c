import type { BuildInput } from '../component.ts';
import { optionsOf } from '../component.ts';

/** `inproc`: what an output of the same name in this pipeline is given. It ends when the pipeline is stopped. */
export const inproc: BuildInput = (settings, { channels }) => {
  const name = optionsOf<string>(settings);
  return (deliver, signal) => channels.receive(name, deliver, signal);
};

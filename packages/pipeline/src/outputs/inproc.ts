import { type BuildOutput, optionsOf } from '../component.ts';

/** `inproc`: hands messages to an input of the same name in this pipeline. */
export const inproc: BuildOutput = (settings, { channels }) => {
  const name = optionsOf<string>(settings);
  return (delivery) => channels.send(name, delivery);
};

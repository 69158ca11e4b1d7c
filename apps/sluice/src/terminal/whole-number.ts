import { InvalidArgumentError } from 'commander';

/** Parses the value of a flag. */
export const wholeNumber = (least: number) => (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
  return value;
};

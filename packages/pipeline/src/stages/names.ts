/**
 * Names of messages, by which a processor such as `dedupe` knows one again that comes again because it was refused. A message that processors
 * make has its name from those that it stands for.
 */
import type { Message } from '@sluice/bloblang';
import type { ProcessedMessage } from '@sluice/processors';

const names = new WeakMap<Message, string>();
let last = 0;

export function nameOf(message: Message): string {
  const known = names.get(message);
  if (known !== undefined) return known;
  const name = String(++last);
  names.set(message, name);
  return name;
}

/** Gives a message the name by which its source knows it, the same each time that it comes. */
export const giveName = (message: Message, name: string): void => void names.set(message, name);

/** The same messages in, the same names out. */
export function inheritNames(sources: readonly Message[], batch: readonly ProcessedMessage[]): void {
  for (const [place, { message, sources: indexes }] of batch.entries())
    if (!names.has(message)) names.set(message, `${indexes.map((index) => nameOf(sources[index]!)).join('+')}/${place}`);
}

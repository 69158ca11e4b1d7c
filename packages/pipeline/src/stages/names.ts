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

/** The same messages in, the same names out. */
export function inheritNames(sources: readonly Message[], batch: readonly ProcessedMessage[]): void {
  for (const [place, { message, sources: indexes }] of batch.entries())
    if (!names.has(message)) names.set(message, `${indexes.map((index) => nameOf(sources[index]!)).join('+')}/${place}`);
}

import { messageOf, type Scanner } from './scanner.ts';

/** Messages of `size` bytes; the last one of what is left. */
export const chunker = ({ size }: { readonly size: number }): Scanner =>
  async function* (bytes) {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of bytes) {
      const data = Buffer.concat([rest, chunk]);
      const whole = data.length - (data.length % size);
      for (let start = 0; start < whole; start += size) yield [messageOf(data.subarray(start, start + size))];
      rest = data.subarray(whole);
    }
    if (rest.length > 0) yield [messageOf(rest)];
  };

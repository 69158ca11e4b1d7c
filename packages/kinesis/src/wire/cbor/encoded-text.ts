import { CborWriter, LONGEST_HEAD } from './cbor-writer.ts';

/** A text as CBOR has it, ASCII only. */
export function encodedText(text: string): Buffer {
  const writer = new CborWriter(Buffer.alloc(LONGEST_HEAD + text.length));
  writer.text(text);
  return writer.bytes;
}

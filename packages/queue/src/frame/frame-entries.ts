import type { Metadata } from '@sluice/core';
import { encodeJson, parseJson, type Value } from '@sluice/values';
import { BatchFrameError } from './errors.ts';

/** A batch as the entries of a frame; see `layout.ts`. */
export interface FrameEntries {
  /** Bytes of an entry after its length. */
  sizeOf(index: number): number;
  /** Names the streams and shards of the entries from `from` up to, not including, `to`, for the dictionary. */
  nameStreams(from: number, to: number, enter: (text: string) => void): void;
  /** Writes an entry after its length; answers where it ends. */
  write(index: number, frame: Buffer, start: number, dictionary: ReadonlyMap<string, number>): number;
}

/** ASCII, the common case, is as long in bytes as in characters and is written without looking at each one. */
export function writeText(frame: Buffer, text: string, bytes: number, at: number): number {
  const start = frame.writeUInt32LE(bytes, at);
  frame.write(text, start, bytes, bytes === text.length ? 'latin1' : 'utf8');
  return start + bytes;
}

/** '' for no metadata at all. Numbers of any size keep their digits, as in the text that an egress writes. */
export function metadataText(metadata: Metadata): string {
  const values = Object.values(metadata);
  if (values.length === 0) return '';
  if (values.every((value) => typeof value === 'string')) return JSON.stringify(metadata);
  try {
    const text = encodeJson(metadata as Value);
    // Refuses what is no JSON value, such as NaN, before it is stored.
    parseJson(text);
    return text;
  } catch (cause) {
    throw new BatchFrameError('expected metadata that can be written as JSON', { cause });
  }
}

/**
 * The payload of a job: a batch as one binary frame. All numbers are little-endian.
 *
 *     frame      'S' 'B' version(u8) 0   count(u32)   dictionary   record × count
 *     dictionary entries(u16)   text × entries                  streams and shard ids, each once
 *     record     length(u32) of what follows   flags(u8)   partition key(text)
 *                [explicit hash key(text)] [destination stream(u16 in dictionary)]
 *                [origin: stream(u16) shard(u16) sequence number(text) sub-sequence number(u32) arrival time(f64)]
 *                [metadata: JSON(text)]   data: the rest
 *     text       length(u32)   UTF-8
 *
 * A reader refuses a version that it does not know. A new field needs a new version, because a fleet is upgraded while jobs wait.
 */
export const MAGIC_0 = 0x53;
export const MAGIC_1 = 0x42;
export const VERSION = 1;
export const HEADER_BYTES = 8;
/** Bytes of the length before each record, and of each text. */
export const LENGTH_BYTES = 4;
export const MAX_DICTIONARY = 0xffff;

export const FLAG = { hashKey: 1, stream: 2, origin: 4, metadata: 8 } as const;
export const KNOWN_FLAGS = FLAG.hashKey | FLAG.stream | FLAG.origin | FLAG.metadata;
/** Stream, shard, sub-sequence number and arrival time. */
export const ORIGIN_FIXED_BYTES = 2 + 2 + 4 + 8;

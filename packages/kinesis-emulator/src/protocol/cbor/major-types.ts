/** The first three bits of a data item (RFC 8949, section 3.1). */
export const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

/** Tag of a time since 1970; Kinesis counts it in milliseconds. */
export const TIME_TAG = 1;

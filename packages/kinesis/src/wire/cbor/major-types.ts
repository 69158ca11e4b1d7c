/** The kinds of data items of CBOR (RFC 8949, section 3.1), as the upper three bits of their first byte. */
export const MAJOR = { unsigned: 0, negative: 1, bytes: 2, text: 3, array: 4, map: 5, tag: 6, simple: 7 } as const;

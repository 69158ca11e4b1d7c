import { z } from 'zod';

type Lines = readonly string[] | AsyncIterable<string>;

/** Lines that are there can be checked before any is stored; those that stream in are stored as they come. */
const isLines = (value: unknown): value is Lines =>
  Array.isArray(value)
    ? value.every((line) => typeof line === 'string')
    : typeof value === 'object' && value !== null && Symbol.asyncIterator in value;

export const linesInput = () => z.custom<Lines>(isLines, 'expected lines of text');

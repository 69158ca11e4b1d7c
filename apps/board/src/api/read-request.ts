import { z } from 'zod';
import { BoardRefusalError } from '../security/errors.ts';

/** Which part of a list is asked for. */
export const pageFields = {
  offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  count: z.coerce.number().int().min(1).max(500).default(50),
};

export const flagField = z
  .enum(['0', '1'])
  .default('0')
  .transform((text) => text === '1');

/**
 * What the schema makes of a part of a request.
 * @throws {BoardRefusalError} it does not fit
 */
export function readRequest<S extends z.ZodType>(schema: S, part: unknown): z.output<S> {
  const { data, error } = schema.safeParse(part);
  if (!error) return data;
  const [{ path, message }] = error.issues as [z.core.$ZodIssue];
  throw new BoardRefusalError(400, 'REQUEST_INVALID', [path.join('.'), message].filter((text) => text !== '').join(': '));
}

export const notFound = (message: string) => new BoardRefusalError(404, 'NOT_FOUND', message);

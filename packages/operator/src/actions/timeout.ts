import { z } from 'zod';

/** How long workers and lanes may take to let go, milliseconds. */
export const timeoutMs = z.int().positive().default(60_000);

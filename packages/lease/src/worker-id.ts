import { hostname } from 'node:os';

/** A name for this process that no other process has or ever had. */
export const createWorkerId = (): string => `${hostname().replace(/[^\w.-]/g, '-')}-${process.pid}-${crypto.randomUUID().slice(0, 8)}`;

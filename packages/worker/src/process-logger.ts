import type { LogSettings } from '@sluice/config';
import { createWorkerId } from '@sluice/lease';
import { type AdjustableLogger, createLogger } from '@sluice/telemetry';

/** The logger of a process. Its lines have the same fields in every app. @param workerId a new one where absent */
export const createProcessLogger = (app: string, log: LogSettings, workerId: string = createWorkerId()): AdjustableLogger =>
  createLogger({ ...log, facts: { app, workerId } });

import { BufferPool } from '@sluice/core';

/** Of the frames of this process: at full speed they are 50 MB a second. Whoever sent a frame gives it back once Redis has answered. */
export const frameBuffers = new BufferPool({ stepBytes: 32 * 1024, maxFreeBytes: 8 * 1024 ** 2 });

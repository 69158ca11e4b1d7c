import { BufferPool } from '@sluice/core';

/** Of the frames of this process: those of full pages are 12 MiB at a time. Whoever sent a frame gives it back once Redis has answered. */
export const frameBuffers = new BufferPool({ stepBytes: 32 * 1024, maxFreeBytes: 16 * 1024 ** 2 });

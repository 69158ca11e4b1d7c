#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';

/**
 * V8 lets its heap grow to a multiple of what lives in it. With a fast function and 1 KiB of state a worker took 540 MB; so it takes 470 MB
 * and the same CPU. The bounds of the other workers would bring it to 280 MB, at 1.3 times the CPU: what is in flight lives longer here.
 */
setFlagsFromString('--heap-growing-percent=100');

// Only now: what is loaded before counts for how large V8 lets its heap become.
await import('./command.ts');

#!/usr/bin/env node
import '@sluice/worker/bound-heap';

// Only now: what is loaded before counts for how large V8 lets its new space become.
await import('./command.ts');

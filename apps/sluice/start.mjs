#!/usr/bin/env node
import '@sluice/core/require-node';

// A worker is loaded before anything else: how much memory it takes depends on it.
const { startProcess } = await import('./src/processes.ts');
if (!(await startProcess(process.argv))) await import('./src/main.ts');

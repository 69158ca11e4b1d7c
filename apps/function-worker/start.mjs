#!/usr/bin/env node
import '@sluice/core/require-node';

await import('./src/main.ts');

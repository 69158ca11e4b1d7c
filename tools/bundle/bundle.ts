/** Makes the bundle that production runs: `npm run build:bundle [-- FOLDER]`, by default in `dist/bundle`. */
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { bundlePrograms } from './bundle-programs.ts';
import { PRODUCTION } from './programs.ts';

const out = resolve(process.argv[2] ?? resolve(import.meta.dirname, '../../dist/bundle'));
rmSync(out, { recursive: true, force: true });
await bundlePrograms(PRODUCTION, out);

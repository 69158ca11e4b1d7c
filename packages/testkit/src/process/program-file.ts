import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../../..');

const SOURCES = {
  sluice: 'apps/sluice/src/main.ts',
  'ingress-worker': 'apps/ingress-worker/src/main.ts',
  'egress-worker': 'apps/egress-worker/src/main.ts',
  'function-worker': 'apps/function-worker/src/main.ts',
  board: 'apps/board/src/main.ts',
  'kinesis-emulator': 'packages/kinesis-emulator/src/main.ts',
} as const;

export type ProgramName = keyof typeof SOURCES;

/**
 * The file that Node runs for a program: of the bundle whose folder `PROGRAMS_UNDER_TEST` names, as tests have it, else of the checkout.
 * The bundle is what production runs, and starts in a third of the time.
 */
export function programFile(name: ProgramName): string {
  const bundle = process.env['PROGRAMS_UNDER_TEST'];
  return bundle === undefined ? join(ROOT, SOURCES[name]) : join(bundle, 'bin', `${name}.js`);
}

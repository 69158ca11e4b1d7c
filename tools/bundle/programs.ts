/** What a bundle can start: the name of its file, and where it begins in the checkout. */
export type Programs = Readonly<Record<string, string>>;

/** What production runs. The last two are no programs of their own: `sluice run` starts them. */
export const PRODUCTION = {
  sluice: 'apps/sluice/start.mjs',
  'ingress-worker': 'apps/ingress-worker/start.mjs',
  'egress-worker': 'apps/egress-worker/start.mjs',
  'function-worker': 'apps/function-worker/start.mjs',
  board: 'apps/board/start.mjs',
  'end-with-parent': 'apps/sluice/src/run/end-with-parent.ts',
  'embedded-redis': 'apps/sluice/src/run/embedded-redis.main.ts',
} as const satisfies Programs;

/** What tests and the playground run beside it. */
export const DEVELOPMENT = { 'kinesis-emulator': 'packages/kinesis-emulator/start.mjs' } as const satisfies Programs;

/** Who stands on whom. A workspace may import only from layers below its own. */
export const LAYERS: ReadonlyArray<readonly string[]> = [
  ['core', 'values'],
  ['actor-kit', 'batcher', 'codecs', 'kinesis-emulator', 'redis'],
  ['bloblang', 'credentials', 'kinesis', 'lease', 'telemetry'],
  ['bloblang-library', 'queue', 'testkit'],
  ['processors'],
  ['config'],
  ['ingress', 'egress', 'worker'],
  ['ingress-worker', 'egress-worker', 'board'],
  ['sluice'],
  ['tools', 'bench', 'e2e'],
];

const KNOWS_NO_TRANSPORT = /^(@aws-sdk\/|@smithy\/|ioredis|bullmq|xstate)/;

/** External packages that a workspace must not know, whatever its package.json says. */
export const FORBIDDEN: Readonly<Record<string, RegExp>> = {
  core: /./,
  values: /./,
  codecs: KNOWS_NO_TRANSPORT,
  'bloblang-library': KNOWS_NO_TRANSPORT,
  bloblang: KNOWS_NO_TRANSPORT,
  batcher: KNOWS_NO_TRANSPORT,
};

/** Packages that only tests and development may use; any workspace may name them as a devDependency. */
export const DEVELOPMENT_ONLY: ReadonlySet<string> = new Set(['testkit', 'kinesis-emulator']);

export const layerOf = (workspace: string): number => LAYERS.findIndex((layer) => layer.includes(workspace));

/** Declared once, at the root: every workspace is tested with it. */
export const TEST_RUNNER = 'vitest';

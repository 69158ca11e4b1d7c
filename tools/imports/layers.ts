/**
 * Who stands on whom. A workspace names its layer as a tag in its package.json (`"nx": { "tags": ["layer:part"] }`) and imports only from
 * layers that stand before its own here.
 */
export const LAYERS = [
  'core',
  'part',
  'domain',
  'kit',
  'processing',
  'config',
  'worker',
  'pipeline',
  'hosting',
  'operator',
  'app',
  'command',
  'tooling',
] as const;

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

/** Declared once, at the root: every workspace is tested with it. */
export const TEST_RUNNER = 'vitest';

import { existsSync } from 'node:fs';

/** Where Benthos looks for its file when none is named, in this order. */
export const defaultConfigPaths: readonly string[] = [
  'redpanda-connect.yaml',
  '/redpanda-connect.yaml',
  '/etc/redpanda-connect/config.yaml',
  '/etc/redpanda-connect.yaml',
  'connect.yaml',
  '/connect.yaml',
  '/etc/connect/config.yaml',
  '/etc/connect.yaml',
  '/benthos.yaml',
  '/etc/benthos/config.yaml',
  '/etc/benthos.yaml',
];

/** The first of {@link defaultConfigPaths} that exists. */
export const findDefaultConfig = (exists: (path: string) => boolean = existsSync): string | undefined =>
  defaultConfigPaths.find((path) => exists(path));

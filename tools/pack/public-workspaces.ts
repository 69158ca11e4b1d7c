import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A package.json, as far as publishing reads it. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description?: string;
  readonly license?: string;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string>>;
  readonly imports?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export interface PublicWorkspace {
  /** Relative to the root of the repository. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/**
 * What people install by name. The workspaces that these stand on are published beside them, as dependencies. All stay `private` in the
 * checkout: published as they are, they would export TypeScript, which Node refuses below node_modules.
 */
const ENTRIES = ['@sluice/sluice', '@sluice/client', '@sluice/embed', '@sluice/kinesis-emulator'];

/** The workspaces that are published, in the order of their folders. */
export function publicWorkspaces(root: string): PublicWorkspace[] {
  const found = globSync(['packages/*/package.json', 'apps/*/package.json'], { cwd: root }).map((file) => ({
    folder: dirname(file),
    manifest: JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest,
  }));
  const byName = new Map(found.map((workspace) => [workspace.manifest.name, workspace]));
  const wanted = new Set<PublicWorkspace>();
  const add = (name: string): void => {
    const workspace = byName.get(name);
    if (workspace === undefined || wanted.has(workspace)) return;
    wanted.add(workspace);
    for (const dependency of Object.keys(workspace.manifest.dependencies ?? {})) add(dependency);
  };
  for (const name of ENTRIES) add(name);
  return [...wanted].sort((a, b) => (a.folder < b.folder ? -1 : 1));
}

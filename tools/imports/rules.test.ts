import { describe, expect, it } from 'vitest';
import { importsOf, problemOf, type Workspace } from './rules.ts';

const ORDER = ['bloblang', 'lease', 'queue', 'testkit'];
const layerOf = (workspace: string): number => ORDER.indexOf(workspace);
const workspaceOf = (name: string, dependencies: string[], devDependencies: string[] = []): Workspace => ({
  name,
  layer: layerOf(name),
  dependencies: new Set(dependencies),
  devDependencies: new Set(devDependencies),
});
const site = (specifier: string, isTest = false) => ({ file: 'packages/x/src/a.ts', line: 1, specifier, isTest });

describe('importsOf', () => {
  it('finds package imports with their lines, and leaves relative and node: ones', () => {
    const source =
      "import { a } from '@sluice/core';\nimport x from './x.ts';\nimport fs from 'node:fs';\nimport {\n  b,\n} from 'zod';\nconst c = await imp" +
      "ort('yaml');";
    expect(importsOf('a.ts', source).map(({ line, specifier }) => [line, specifier])).toEqual([
      [1, '@sluice/core'],
      [6, 'zod'],
      [7, 'yaml'],
    ]);
  });
});

describe('problemOf', () => {
  it('accepts a declared import of a lower layer', () => {
    expect(problemOf(workspaceOf('queue', ['@sluice/lease']), site('@sluice/lease'), layerOf)).toBeUndefined();
  });

  it('refuses an import that goes up', () => {
    expect(problemOf(workspaceOf('lease', ['@sluice/queue']), site('@sluice/queue'), layerOf)).toContain('is not below');
  });

  it('refuses what package.json does not declare', () => {
    expect(problemOf(workspaceOf('queue', []), site('bullmq'), layerOf)).toContain('does not declare');
  });

  it('keeps a devDependency to tests', () => {
    const workspace = workspaceOf('lease', [], ['@sluice/testkit']);
    expect(problemOf(workspace, site('@sluice/testkit', true), layerOf)).toBeUndefined();
    expect(problemOf(workspace, site('@sluice/testkit'), layerOf)).toContain('does not declare');
  });

  it('keeps Redis out of the language even when it is declared', () => {
    expect(problemOf(workspaceOf('bloblang', ['ioredis']), site('ioredis'), layerOf)).toContain('must not know');
  });
});

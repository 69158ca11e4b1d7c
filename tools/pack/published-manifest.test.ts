import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { publicWorkspaces } from './public-workspaces.ts';
import { NODE_RANGE, publishedManifest } from './published-manifest.ts';

const MANIFEST = {
  ...{ name: '@sluice/a', version: '1.2.3', description: 'A.', license: 'Apache-2.0', private: true, nx: { tags: [] } },
  bin: { a: './start.mjs' },
  exports: { '.': './src/index.ts', './plain': './src/plain.mjs', './testing': './src/testing/index.ts' },
  imports: { '#inner': './src/inner.ts' },
  dependencies: { '@sluice/b': '0.0.0', yaml: '2.9.1' },
  devDependencies: { '@sluice/testkit': '0.1.0' },
  peerDependencies: { '@sluice/testkit': '0.1.0' },
};

describe('the manifest of a published package', () => {
  it('exports what is built, depends on what is published with it, and has nothing of the checkout', () => {
    expect(publishedManifest(MANIFEST, new Map([['@sluice/b', '1.2.3']]))).toEqual({
      ...{ name: '@sluice/a', version: '1.2.3', description: 'A.', license: 'Apache-2.0', type: 'module', engines: { node: NODE_RANGE } },
      bin: { a: './start.mjs' },
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './plain': './dist/plain.mjs' },
      imports: { '#inner': './dist/inner.js' },
      dependencies: { '@sluice/b': '1.2.3', yaml: '2.9.1' },
      publishConfig: { access: 'public' },
    });
  });
});

describe('the workspaces that are published', () => {
  const published = publicWorkspaces(resolve(import.meta.dirname, '../..')).map(({ manifest }) => manifest);

  it('are what people install and what that stands on, and nothing for tests', () => {
    const names = published.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['@sluice/sluice', '@sluice/egress-worker', '@sluice/core', '@sluice/kinesis-emulator']));
    for (const name of ['@sluice/testkit', '@sluice/tools', '@sluice/bench', '@sluice/e2e']) expect(names).not.toContain(name);
  });

  it('have one version', () => {
    expect(new Set(published.map(({ version }) => version)).size).toBe(1);
  });
});

import type { Manifest } from './public-workspaces.ts';

/** What the emitted JavaScript needs, and what its dependencies ask for (undici 8). The sources need more, since Node reads them as they are. */
export const NODE_RANGE = '>=22.19';

/**
 * The package.json of a published package: it exports JavaScript and declarations from `dist`, and depends on the others at their own
 * versions. What only the checkout needs is left out, and so are exports for tests.
 * @param versions of the packages that are published together, by name
 */
export function publishedManifest(manifest: Manifest, versions: ReadonlyMap<string, string>): object {
  const { name, version, description, license, bin, exports = {}, imports, dependencies = {} } = manifest;
  return {
    ...{ name, version, description, license, type: 'module', engines: { node: NODE_RANGE } },
    ...(bin === undefined ? {} : { bin }),
    exports: Object.fromEntries(
      Object.entries(exports)
        .filter(([path]) => !path.startsWith('./testing'))
        .map(([path, source]) => [path, targetOf(source)]),
    ),
    ...(imports === undefined
      ? {}
      : { imports: Object.fromEntries(Object.entries(imports).map(([path, source]) => [path, builtPath(source)])) }),
    dependencies: Object.fromEntries(Object.entries(dependencies).map(([other, range]) => [other, versions.get(other) ?? range])),
    publishConfig: { access: 'public' },
  };
}

/** `./src/a.ts` → `./dist/a.js`; what is JavaScript already keeps its ending. */
export const builtPath = (source: string): string => source.replace(/^\.\/src\//, './dist/').replace(/\.ts$/, '.js');

const targetOf = (source: string): string | object =>
  source.endsWith('.ts') ? { types: builtPath(source).replace(/\.js$/, '.d.ts'), default: builtPath(source) } : builtPath(source);

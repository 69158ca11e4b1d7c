/** A source file with one change in it, so that a test shows which of its promises that breaks. */
import { readFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { pathToFileURL } from 'node:url';

/** @param change a text that the file has once, and what stands there instead */
export async function mutatedModule<Module>(file: URL, [before, after]: readonly [string, string]): Promise<Module> {
  const source = readFileSync(file, 'utf8');
  if (source.split(before).length !== 2)
    throw new Error(`expected ${JSON.stringify(before)} once in ${file.pathname}: change the mutation too`);
  const packages = createRequire(file);
  const placeOf = (name: string) => (name.startsWith('.') ? new URL(name, file) : pathToFileURL(packages.resolve(name)));
  const code = stripTypeScriptTypes(source.replace(before, () => after)).replaceAll(
    / from '([^':]*)'/g,
    (_, name: string) => ` from '${placeOf(name)}'`,
  );
  return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(code)}`)) as Module;
}

/**
 * Writes the licences of all installed packages below a folder: a table of name, version and licence, then the text that each package
 * brings along. `node licences.mjs FOLDER`. Fails where a package names no licence.
 */
import { existsSync, globSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , folder = '.'] = process.argv;
const packages = globSync(
  ['node_modules/*', 'node_modules/@*/*', '**/node_modules/*', '**/node_modules/@*/*'].map((pattern) => join(folder, pattern)),
)
  // Links lead to our own workspaces.
  .filter((path) => existsSync(join(path, 'package.json')) && !lstatSync(path).isSymbolicLink())
  .map((path) => ({ path, ...JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) }))
  .filter(({ name, version }) => name && version);
const unique = [...new Map(packages.map((each) => [`${each.name} ${each.version}`, each])).entries()].sort(([a], [b]) => (a < b ? -1 : 1));

const unlicensed = unique.filter(([, each]) => licenceOf(each) === undefined).map(([id]) => id);
if (unlicensed.length > 0) throw new Error(`expected a licence in each package.json, found none in ${unlicensed.join(', ')}`);

process.stdout.write(`${unique.map(([id, each]) => `${id}: ${licenceOf(each)}`).join('\n')}\n`);
for (const [id, { path }] of unique) {
  for (const file of readdirSync(path).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name) && lstatSync(join(path, name)).isFile()))
    process.stdout.write(`\n${'='.repeat(80)}\n${id} (${file})\n\n${readFileSync(join(path, file), 'utf8').trim()}\n`);
}

/** Also as old packages have it: an object, or a list of them. */
function licenceOf({ license, licenses }) {
  const all = [license ?? licenses ?? []].flat().map((each) => (typeof each === 'string' ? each : each.type));
  return all.length > 0 ? all.join(' OR ') : undefined;
}

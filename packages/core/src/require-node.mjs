/**
 * Ends the process with one plain line where Node is too old for this package: the sources need one that reads TypeScript, what is
 * published needs less. Imported first by what a person starts; plain JavaScript without new syntax, so that an old Node can read this much.
 * Also keeps compiled code from one start to the next, which halves the time that a start takes.
 */
import { readFileSync } from 'node:fs';
import module from 'node:module';

const { engines, private: isSource } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const numbersOf = (version) => version.match(/\d+/g).map(Number);
const [major, minor = 0] = numbersOf(engines.node);
const [ownMajor, ownMinor] = numbersOf(process.versions.node);

if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
  const npmHint = isSource ? 'start it with npm or npx, which take the Node that `npm ci` installs on Linux, or ' : '';
  process.stderr.write(
    `expected Node ${engines.node.replace('>=', '')} or newer, found ${process.version}; ${npmHint}install one from https://nodejs.org\n`,
  );
  process.exit(1);
}

if (module.enableCompileCache) module.enableCompileCache();

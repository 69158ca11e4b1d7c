/**
 * Ends the process with one plain line where Node is too old to read TypeScript: imported first by what a person starts. Plain JavaScript,
 * so that an old Node can read this much. Also keeps compiled code from one start to the next, which halves the time that a start takes.
 */
import module from 'node:module';

const NEEDED = 24;

if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `expected Node ${NEEDED} or newer, found ${process.version}; start it with npm or npx, which take the Node that \`npm ci\` installs ` +
      'on Linux, or install one from https://nodejs.org\n',
  );
  process.exit(1);
}

module.enableCompileCache?.();

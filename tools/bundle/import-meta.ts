import { dirname, relative } from 'node:path';
import type { Plugin } from 'rolldown';

/** Beside the folder of the programs and that of the chunks: the files that sources read at run time, where they lie in the checkout. */
export const FILES = 'files';

/** The folder of the programs. */
export const PROGRAMS = 'bin';

const OWN = /\/(packages|apps)\/.*\.(ts|mjs)$/;

/** What sources ask Node to find, as an expression that names a program. */
const RESOLVED: Readonly<Record<string, string>> = {
  "'#end-with-parent'": "'end-with-parent'",
  "'#embedded-redis'": "'embedded-redis'",
  '`@sluice/${role}/main`': 'role',
};

/**
 * Where a source asks for its own place, it gets its place below `files`; where it asks for a program, that of the bundle.
 * @throws {Error} a source asks for another file: the bundle would not have it
 */
export const ownPlaces = (root: string): Plugin => ({
  name: 'own-places',
  transform: {
    filter: { id: OWN, code: 'import.meta' },
    handler(code, id) {
      const file = relative(root, id);
      const placed = (path: string) => `new URL(${JSON.stringify(`../${FILES}/${path}`)}, import.meta.url)`;
      return code.replaceAll(/import\.meta\.(url|dirname|resolve\(([^)]*)\))/g, (_, what: string, wanted: string) => {
        if (what === 'url') return `${placed(file)}.href`;
        if (what === 'dirname') return `process.getBuiltinModule('node:url').fileURLToPath(${placed(dirname(file))})`;
        const program = RESOLVED[wanted];
        if (program === undefined)
          throw new Error(`${file}: expected one of ${Object.keys(RESOLVED)} in import.meta.resolve, found ${wanted}`);
        return `new URL(\`../${PROGRAMS}/\${${program}}.js\`, import.meta.url).href`;
      });
    },
  },
});

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const ROOT = import.meta.dirname;

// Vitest's workers and the processes that tests start read compiled code from here: it halves what a start costs.
process.env['NODE_COMPILE_CACHE'] ??= join(ROOT, 'node_modules/.cache/node-compile-cache');

/**
 * The language and what it stands on run as Node loads them, not through the transformer of the test runner: that one turns an import
 * whose look-up fills the stack into `undefined`, and mappings are tested at the end of the stack.
 */
const RUN_BY_NODE = /packages\/(values|codecs|bloblang|bloblang-library)\/src\/(?!.*\.test\.ts)/;

/**
 * Test files are of three kinds, told apart by their names: unit tests compute, integration tests start Redis or processes and mostly wait,
 * end-to-end tests run whole pipelines of processes. All run in one pool with more workers than cores, so that what waits runs beside what
 * computes. Kinds start in the order of their names, and within a kind the file that took longest last time starts first.
 */
const projectOf = (name: string, include: string[], exclude: string[] = [], options = {}) => ({
  extends: true as const,
  test: {
    name,
    root: ROOT,
    include,
    exclude: ['**/node_modules/**', '**/dist/**', ...exclude],
    server: { deps: { external: [RUN_BY_NODE] } },
    ...options,
  },
});

/** Tests that start processes start them as production does: bundled. */
const PROGRAMS = join(ROOT, 'tools/test-setup/programs.ts');

const HOUSE = '{packages,apps,tools,bench,docs}';

export default defineConfig({
  test: {
    // Generous: a test waits for an event and ends with it. The limit ends only what will never end, also on a machine ten times slower.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 100_000, interval: 25 } },
    maxWorkers: 3 * availableParallelism(),
    reporters: ['default', join(ROOT, 'tools/test-summary/reporter.ts')],
    globalSetup: [join(ROOT, 'tools/test-setup/run-folder.ts'), join(ROOT, 'tools/redis/global-setup.ts')],
    projects: [
      projectOf('e2e', ['e2e/**/*.test.ts'], [], { testTimeout: 600_000, globalSetup: PROGRAMS }),
      // Processes are started, fed and killed in turn: with fifteen times more to run than cores, a test of ten seconds takes two minutes.
      projectOf('integration', [`${HOUSE}/**/*.integration.test.ts`], [], {
        testTimeout: 300_000,
        hookTimeout: 300_000,
        globalSetup: PROGRAMS,
      }),
      // Files share their worker's modules: loading them anew costs more than many a file's tests. Not so above: there, what a test leaves
      // open would go on beside the next file's tests.
      projectOf('unit', [`${HOUSE}/**/*.test.ts`], ['**/*.integration.test.ts'], {
        isolate: false,
        setupFiles: [join(ROOT, 'tools/test-setup/stack-traces.ts')],
      }),
    ],
  },
});

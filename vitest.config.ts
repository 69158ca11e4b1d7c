import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Never the folder that vitest was started in: nx starts it in the project's own.
const ROOT = import.meta.dirname;

const projectNamed = (name: string, folder: string) => ({
  extends: true as const,
  test: { name: `@sluice/${name}`, root: join(ROOT, folder), include: ['**/*.test.ts'], exclude: ['**/node_modules/**'] },
});

const projectsIn = (folder: string) =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => projectNamed(name, `${folder}/${name}`));

/** Each file drives a whole pipeline of processes, so one at a time, and after all others. */
const endToEnd = () => {
  const project = projectNamed('e2e', 'e2e');
  return { ...project, test: { ...project.test, fileParallelism: false, sequence: { groupOrder: 1 } } };
};

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', join(ROOT, 'tools/test-summary/reporter.ts')],
    globalSetup: [join(ROOT, 'tools/redis/global-setup.ts')],
    projects: [
      ...projectsIn('packages'),
      ...projectsIn('apps'),
      projectNamed('tools', 'tools'),
      projectNamed('bench', 'bench'),
      endToEnd(),
    ],
  },
});

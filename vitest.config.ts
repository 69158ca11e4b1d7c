import { readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

const projectNamed = (name: string, root: string) => ({
  extends: true as const,
  test: { name: `@sluice/${name}`, root, include: ['**/*.test.ts'], exclude: ['**/node_modules/**'] },
});

const projectsIn = (folder: string) =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => projectNamed(name, `./${folder}/${name}`));

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', './tools/test-summary/reporter.ts'],
    globalSetup: ['./tools/redis/global-setup.ts'],
    projects: [...projectsIn('packages'), ...projectsIn('apps'), projectNamed('tools', './tools'), projectNamed('bench', './bench')],
  },
});

import { defineConfig } from 'vite';

/** Relative addresses everywhere, so that the page works behind any path; nothing inline, so that it works under a strict content policy. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  // Another workspace may bring another version to the root of node_modules; signals and components must share one.
  resolve: { dedupe: ['preact'] },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: false,
    license: { fileName: 'licences.md' },
  },
});

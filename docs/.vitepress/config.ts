import { defineConfig } from 'vitepress';
import { anchorOf } from './anchor.ts';
import { refuseForeignHosts } from './foreign-hosts.ts';
import { darkPictures, plainBraces, sourceLinks } from './links.ts';
import { SECTIONS } from './sections.ts';

/**
 * The site is made of the pages as a code host shows them: plain Markdown with relative links. Nothing in it comes from another host,
 * so it works without a network. A link that leads nowhere fails the build.
 */
export default defineConfig({
  lang: 'en',
  title: 'Sluice',
  description: 'Moves records into and out of Amazon Kinesis Data Streams with horizontally scaled TypeScript workers.',
  rewrites: { ':folder/README.md': ':folder/index.md' },
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: '/logo.svg' }]],
  lastUpdated: false,
  // `http://localhost:3000` is where a reader's own board is.
  ignoreDeadLinks: 'localhostLinks',
  buildEnd: ({ outDir }) => refuseForeignHosts(outDir),
  markdown: {
    config: (markdown) => markdown.use(sourceLinks).use(plainBraces).use(darkPictures),
    anchor: { slugify: anchorOf },
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: [
      { text: 'Tour', link: '/tour' },
      { text: 'Concepts', link: '/concepts/' },
      { text: 'Runbook', link: '/runbook' },
      { text: 'Reference', link: '/configuration/' },
    ],
    sidebar: SECTIONS.map(({ text, pages, collapsed }) => ({
      text,
      ...(collapsed && { collapsed }),
      items: pages.map(([title, page]) => ({ text: title, link: `/${page}` })),
    })),
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        // Pages that show a file are reached by links; found by words they would bury the pages that explain.
        _render: (source, env, markdown) => (env.relativePath.startsWith('source/') ? '' : markdown.render(source, env)),
        miniSearch: { searchOptions: { boost: { title: 6, titles: 2, text: 1 }, prefix: true, fuzzy: 0.15 } },
      },
    },
    docFooter: { prev: 'Before', next: 'Next' },
  },
});

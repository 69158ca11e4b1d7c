import type { MarkdownRenderer } from 'vitepress';
import { pageOf, sourceOf, targetOf } from './source-files.ts';

/**
 * Links that work on a code host, made to work on the site: a file outside of the docs has a page that shows it, and the README of a
 * folder is that folder's page.
 */
export function sourceLinks(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push('source-links', ({ tokens, env }) => {
    const file = fileOf(env as { relativePath?: string });
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href !== null) token.attrSet('href', siteLink(file, href));
    }
  });
}

/** Pages are Markdown and no templates of Vue: two braces in a text are two braces. */
export function plainBraces(markdown: MarkdownRenderer): void {
  for (const rule of ['text', 'code_inline'] as const) {
    const render = markdown.renderer.rules[rule]!;
    markdown.renderer.rules[rule] = (...args) => render(...args).replaceAll('{{', '&#123;&#123;');
  }
}

const PICTURE = /<picture>\s*<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)">\s*<img src="([^"]+)"([^>]*)>\s*<\/picture>/g;

/** Pictures with a dark twin follow the switch of the site; on a code host they follow the reader's system. */
export function darkPictures(markdown: MarkdownRenderer): void {
  markdown.renderer.rules.html_block = (tokens, index) =>
    tokens[index]!.content.replaceAll(PICTURE, '<img class="only-light" src="$2"$3><img class="only-dark" src="$1"$3>');
}

/** The file of the repository that a page is made of, so that its links can be followed. */
function fileOf({ relativePath = 'index.md' }: { relativePath?: string }): string {
  const shown = /^source\/(.*)\.md$/.exec(relativePath);
  return shown ? sourceOf(shown[1]!) : `docs/${relativePath}`;
}

function siteLink(file: string, href: string): string {
  if (/^([a-z]+:|#|\/)/.test(href)) return href;
  const [, path, part] = /^([^#]*)(#.*)?$/.exec(href)!;
  const target = targetOf(file, decodeURI(path!));
  if (!target.startsWith('docs')) return `/source/${pageOf(target)}${part ?? ''}`;
  const page = target.replace(/^docs\/?/, '').replace(/(^|\/)README\.md$/, '$1index.md');
  return `/${page.endsWith('.md') || page.includes('.') ? page : `${page}/index.md`}${part ?? ''}`;
}

/** Where the style sheet of ours is, below the path of Bull Board. */
export const OWN_STYLE_FILE = 'static/sluice.css';

/**
 * The page of Bull Board without what the board's content security policy forbids: its link to fonts of another host, and styles that are
 * not files of their own. Its scripts and style sheets stay, the fonts of the system take the place of the others, and a style sheet of ours
 * is added.
 */
export const ownPage = (html: string): string =>
  html
    .replaceAll(/<link\b[^>]*\bhref="https?:[^>]*>/g, '')
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/ style="[^"]*"/g, '')
    .replace('</head>', `<link href="${OWN_STYLE_FILE}" rel="stylesheet"></head>`);

/**
 * The page of Bull Board without what the board's content security policy forbids: its link to fonts of another host, and styles that are
 * not files of their own. Its scripts and style sheets stay, and the fonts of the system take the place of the others.
 */
export const ownPage = (html: string): string =>
  html
    .replaceAll(/<link\b[^>]*\bhref="https?:[^>]*>/g, '')
    .replaceAll(/<style>.*?<\/style>/gs, '')
    .replaceAll(/ style="[^"]*"/g, '');

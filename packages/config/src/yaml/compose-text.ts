import { Composer, type CST, type Document, type ParsedNode, Parser, type YAMLParseError } from 'yaml';
import type { SourceText } from '../source/source-file.ts';

/** Deeper than any configuration; keeps every recursive step behind the parser far from the end of the stack. */
export const MAX_DEPTH = 200;

/** What YAML allows nowhere, not in comments either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** A document after the work that is the same for both dialects. */
export interface ComposedText {
  readonly source: SourceText;
  readonly contents: ParsedNode | null | undefined;
  readonly fault: { readonly code: 'yaml.nesting' | 'yaml.syntax'; readonly offset: number; readonly message: string } | undefined;
}

/** Parses the one YAML document in `source`. */
export function composeText(source: SourceText): ComposedText {
  const control = source.text.search(CONTROL);
  if (control !== -1) {
    const message = 'invalid YAML: control characters are not allowed';
    return { source, contents: undefined, fault: { code: 'yaml.syntax', offset: control, message } };
  }
  const tokens = [...new Parser().parse(source.text)];
  const tooDeep = offsetOfExcessDepth(tokens);
  if (tooDeep !== undefined) {
    const message = `is nested more than ${MAX_DEPTH} levels deep`;
    return { source, contents: undefined, fault: { code: 'yaml.nesting', offset: tooDeep, message } };
  }
  const document = compose(tokens);
  const [error] = document?.errors ?? [];
  const fault = error && ({ code: 'yaml.syntax', offset: error.pos[0], message: `invalid YAML: ${wordingOf(error)}` } as const);
  return { source, contents: fault ? undefined : document?.contents, fault };
}

/** Scalars stay text here (`failsafe`), because the two dialects read them differently. */
function compose(tokens: readonly CST.Token[]): Document.Parsed<ParsedNode, true> | undefined {
  const composer = new Composer<ParsedNode>({
    schema: 'failsafe',
    uniqueKeys: false,
    prettyErrors: false,
    keepSourceTokens: false,
    merge: false,
  });
  const [document] = composer.compose(tokens);
  return document;
}

const wordingOf = ({ message }: YAMLParseError): string => message.charAt(0).toLowerCase() + message.slice(1);

/** Offset of the first node below {@link MAX_DEPTH}. Walks with a stack of its own: the text decides how deep it goes. */
function offsetOfExcessDepth(tokens: readonly CST.Token[]): number | undefined {
  const stack: Array<{ token: CST.Token; depth: number }> = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = stack.pop(); next; next = stack.pop()) {
    const { token, depth } = next;
    if (depth > MAX_DEPTH) return token.offset;
    if (token.type === 'document') {
      if (token.value) stack.push({ token: token.value, depth: depth + 1 });
    } else if (token.type === 'block-map' || token.type === 'block-seq' || token.type === 'flow-collection') {
      for (const { key, value } of token.items) {
        if (key) stack.push({ token: key, depth: depth + 1 });
        if (value) stack.push({ token: value, depth: depth + 1 });
      }
    }
  }
  return undefined;
}

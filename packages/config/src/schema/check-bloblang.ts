import type { ProblemLog } from '../problem/problem.ts';
import type { GivenLeaf } from './read-section.ts';

/** Where and why a text of Bloblang does not parse; line and column from 1, within the text. */
export interface BloblangFault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export interface BloblangChecker {
  interpolation(source: string): BloblangFault | undefined;
  mapping(source: string): BloblangFault | undefined;
  query(source: string): BloblangFault | undefined;
}

/**
 * Reports every Bloblang text among `leaves` that does not parse; an empty text stands for none. Warns about interpolation in
 * a field that takes its text as it is written.
 */
export function checkBloblang(leaves: readonly GivenLeaf[], checker: BloblangChecker, log: ProblemLog): void {
  for (const { path, node, meta } of leaves) {
    const form = /^bloblang-(interpolation|mapping|query)$/.exec(String(meta['format'] ?? ''))?.[1] as keyof BloblangChecker | undefined;
    if (!form && /\$\{!/.test(node.text))
      log.warn(
        'bloblang.ineffective',
        node.position,
        `\`${path}\` has no interpolation: \`${excerptOf(node.text)}\` is taken as it is written`,
      );
    if (!form || node.text === '') continue;
    const fault = checker[form](node.text);
    if (fault) log.error('bloblang.invalid', node.positionWithin(fault.line, fault.column), `\`${path}\`: ${fault.message}`);
  }
}

const excerptOf = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

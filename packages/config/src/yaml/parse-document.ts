import type { ProblemLog } from '../problem/problem.ts';
import type { SourceText } from '../source/source-file.ts';
import { type ComposedText, composeText } from './compose-text.ts';
import { type ConfigNode, isNullText } from './node.ts';
import { TreeBuilder, type YamlDialect } from './tree-builder.ts';

/** The root of the document as `dialect` has it. `undefined` after a problem, or for a document without content. */
export function buildTree({ source, contents, fault }: ComposedText, dialect: YamlDialect, log: ProblemLog): ConfigNode | undefined {
  if (fault) log.error(fault.code, source.locate(fault.offset), fault.message);
  return contents ? new TreeBuilder(source, dialect, log).build(contents) : undefined;
}

export const parseDocument = (source: SourceText, dialect: YamlDialect, log: ProblemLog): ConfigNode | undefined =>
  buildTree(composeText(source), dialect, log);

/** Whether a document says nothing: empty, only comments, or `null`. */
export const isEmptyDocument = (node: ConfigNode | undefined): boolean =>
  node === undefined || (node.kind === 'scalar' && isNullText(node));

import { type Environment, replaceEnvVariables, replaceModuleVariables } from '../environment/env-vars.ts';
import type { SourcePosition } from '../model/position.ts';
import { ProblemLog } from '../problem/problem.ts';
import { type SourceFile, sliceOf } from '../source/source-file.ts';
import { composeText } from '../yaml/compose-text.ts';
import { type ConfigNode, MapNode } from '../yaml/node.ts';
import { buildTree, isEmptyDocument } from '../yaml/parse-document.ts';
import { type DocumentSpan, splitDocuments } from '../yaml/split-documents.ts';
import { type DocumentKind, describeUnknownDocument, documentKind } from './document-kind.ts';

export interface ConfigDocument {
  readonly kind: DocumentKind;
  readonly root: ConfigNode;
  readonly file: SourceFile;
}

/** First bytes of a Benthos file that silence its lints. */
const LINT_DISABLE = '# BENTHOS LINT DISABLE';

/** The documents of a file, each parsed as its own dialect is; empty ones are left out. */
export function readDocuments(file: SourceFile, env: Environment, log: ProblemLog): ConfigDocument[] {
  if (file.text.startsWith(LINT_DISABLE)) log.silenceLints(file.name);
  const spans = splitDocuments(file.text);
  if (spans.length === 0) refuseEmpty({ file: file.name, line: 1, column: 1 }, log);
  return spans.flatMap((span) => readDocument(file, span, spans.length === 1, env, log) ?? []);
}

/**
 * Which dialect it is decides how the text is read, so it is read as a module.yaml first. A text that is no YAML before the environment
 * variables are put in is told by its first fields.
 */
function readDocument(
  file: SourceFile,
  { start, end }: DocumentSpan,
  isOnly: boolean,
  env: Environment,
  log: ProblemLog,
): ConfigDocument | undefined {
  const source = sliceOf(file, start, end);
  const composed = composeText(source);
  const asModule = new ProblemLog();
  const first = buildTree(composed, { resolvesAliases: false }, asModule);
  const isBroken = asModule.problems.some(({ severity }) => severity === 'error');
  const kind = first && !isBroken ? documentKind(first, isOnly) : undefined;
  if (kind === 'module' || kind === 'legacy-module' || (isBroken && looksLikeModule(source.text))) {
    const replaced = replaceModuleVariables(source, env, log);
    const root = buildTree(replaced === source ? composed : composeText(replaced), { resolvesAliases: false }, log);
    return root && { kind: kind ?? 'module', root, file };
  }
  const replaced = replaceEnvVariables(source, env, log);
  const root = buildTree(replaced === source ? composed : composeText(replaced), { resolvesAliases: true, merges: kind === 'sluice' }, log);
  if (isOnly && root && isEmptyDocument(root)) refuseEmpty(root.position, log);
  if (!root || isEmptyDocument(root)) return undefined;
  const actual = documentKind(root, isOnly);
  if (root instanceof MapNode && root.entries.length === 0 && !isOnly) return undefined;
  if (actual === 'benthos' || actual === 'sluice') return { kind: actual, root, file };
  log.error('document.unknown', root.position, describeUnknownDocument(root));
  return undefined;
}

const refuseEmpty = (position: SourcePosition, log: ProblemLog): void =>
  log.chillable('document.unknown', position, 'says nothing: expected a configuration, got an empty document');

const looksLikeModule = (text: string): boolean => /^(?:kind|spec)\s*:/m.test(text);

/** Templates of components (Benthos' `-t`): types of their own, which a mapping makes into the configuration of a component. */
import type { Mapping } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import type { z } from 'zod';
import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { bloblangChecker } from '../schema/bloblang-checker.ts';
import { checkBloblang } from '../schema/check-bloblang.ts';
import { readSection } from '../schema/read-section.ts';
import { type SourceFile, sliceOf } from '../source/source-file.ts';
import { composeText } from '../yaml/compose-text.ts';
import { type ConfigNode, MapNode } from '../yaml/node.ts';
import { buildTree } from '../yaml/parse-document.ts';
import { plainValue } from '../yaml/plain-value.ts';
import { templateSchema } from './template-schema.ts';

type Fields = z.output<typeof templateSchema>;

export interface TemplateField extends Pick<Fields['fields'][number], 'name' | 'type' | 'kind'> {
  /** `undefined`: it must be set. */
  readonly initial: { readonly value: unknown } | undefined;
}

export interface Template {
  readonly name: string;
  readonly kind: Fields['type'];
  readonly fields: readonly TemplateField[];
  readonly mapping: Mapping;
  readonly file: string;
  /** Of its mapping. */
  readonly position: SourcePosition;
}

/** Those that files hold; a file with a mistake is reported and left out. */
export function readTemplates(files: readonly SourceFile[], log: ProblemLog): readonly Template[] {
  const templates: Template[] = [];
  for (const file of files) {
    const template = readTemplate(file, log);
    const earlier = template && templates.find(({ name, kind }) => name === template.name && kind === template.kind);
    if (earlier)
      log.error('id.duplicate', startOf(file), `the ${earlier.kind} template \`${earlier.name}\` was defined in ${earlier.file}`);
    else if (template) templates.push(template);
  }
  return templates;
}

function readTemplate(file: SourceFile, log: ProblemLog): Template | undefined {
  const before = log.problems.length;
  const root = buildTree(composeText(sliceOf(file, 0, file.text.length)), { resolvesAliases: true }, log);
  if (!root) return undefined;
  const { value, leaves } = readSection(templateSchema, root, 'template', log);
  checkBloblang(leaves, bloblangChecker, log);
  if (!(root instanceof MapNode) || !value) return undefined;
  const [metrics, tests] = [root.entry('metrics_mapping'), root.entry('tests')];
  if (metrics) log.error('section.ignored', metrics.key.position, '`metrics_mapping`: Sluice does not rename metrics; remove it');
  if (tests) log.warn('section.ignored', tests.key.position, 'the `tests` of a template are not run');
  if (log.problems.slice(before).some(({ severity }) => severity === 'error')) return undefined;
  return {
    name: value.name,
    kind: value.type,
    fields: value.fields.map(({ name, type, kind, default: initial }) => ({
      ...{ name, type, kind },
      initial: initial === undefined ? undefined : { value: plainValue(initial as ConfigNode) },
    })),
    mapping: parseMapping(value.mapping.source),
    file: file.name,
    position: value.mapping.position,
  };
}

const startOf = (file: SourceFile) => ({ file: file.name, line: 1, column: 1 });

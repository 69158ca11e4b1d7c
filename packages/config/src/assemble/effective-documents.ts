import { benthosSchema, componentSchemas } from '../benthos/schema/root.ts';
import { type EffectiveValue, effectiveValues } from '../schema/effective-values.ts';
import type { AnySchema } from '../schema/schema-tree.ts';
import { settingsSchema } from '../settings/schema.ts';
import { moduleDocuments } from '../statefun/schema.ts';
import { type ConfigNode, MapNode, ScalarNode } from '../yaml/node.ts';
import type { ConfigDocument } from './read-documents.ts';

/** The values in force of one document. */
export interface EffectiveDocument {
  /** `file:line` where the document begins; `sluice` for the settings, which are merged from everywhere. */
  readonly name: string;
  readonly values: readonly EffectiveValue[];
}

/** Documents in the order read, then Sluice's own settings with all their defaults. */
export function effectiveDocuments(documents: readonly ConfigDocument[], settings: MapNode): EffectiveDocument[] {
  const ours = effectiveValues(settingsSchema, settings).map((value) => ({ ...value, path: `sluice.${value.path}` }));
  return [
    ...documents
      .filter(({ kind }) => kind !== 'sluice')
      .map(({ root, file, kind }) => ({
        name: `${file.name}:${root.position.line}`,
        values: effectiveValues(kind === 'benthos' ? benthosSchema : schemaOfModule(root), root, componentSchemas),
      })),
    { name: 'sluice', values: ours },
  ];
}

/** By the document's kind; the older form has none and shows what is written. */
function schemaOfModule(root: ConfigNode): AnySchema | undefined {
  const kind = root instanceof MapNode ? root.get('kind') : undefined;
  const text = kind instanceof ScalarNode ? kind.text.replace(/\/+$/, '') : '';
  return Object.values(moduleDocuments).find((document) => document.shape.kind.value === text);
}

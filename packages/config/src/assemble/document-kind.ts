import { type ConfigNode, describeNode, MapNode } from '../yaml/node.ts';

/** Whose language a document is written in. `legacy-module` is the single-document form of Stateful Functions 3.0. */
export type DocumentKind = 'module' | 'legacy-module' | 'benthos' | 'sluice' | 'unknown';

const BENTHOS_KEYS = new Set([
  'input',
  'buffer',
  'pipeline',
  'output',
  'input_resources',
  'output_resources',
  'processor_resources',
  'cache_resources',
  'rate_limit_resources',
  'scanner_resources',
  'http',
  'logger',
  'metrics',
  'tracer',
  'shutdown_delay',
  'shutdown_timeout',
  'error_handling',
  'tests',
]);

/**
 * Decides by the root's fields. A `version` makes the older module form, if the document is the only one of its file and has no field of a
 * Benthos file; an object without fields is a Benthos file that takes all defaults; a scalar or a list is of no kind.
 */
export function documentKind(root: ConfigNode, isOnly: boolean): DocumentKind {
  if (!(root instanceof MapNode)) return 'unknown';
  const names = new Set(root.entries.map(({ key }) => key.text));
  if (names.has('sluice')) return 'sluice';
  const isModule = names.has('kind') || names.has('spec') || names.has('module');
  const isBenthos = names.size === 0 || [...names].some((name) => BENTHOS_KEYS.has(name));
  if (names.has('version') && isOnly && (isModule || !isBenthos)) return 'legacy-module';
  if (isModule) return 'module';
  return isBenthos ? 'benthos' : 'unknown';
}

export const describeUnknownDocument = (root: ConfigNode): string => {
  if (isTemplate(root)) return 'this is a template of a component, no configuration; name it with `-t`, beside the files that use it';
  const found =
    root instanceof MapNode
      ? `an object with ${
          root.entries
            .map(({ key }) => `\`${key.text}\``)
            .slice(0, 5)
            .join(', ') || 'no fields'
        }`
      : describeNode(root);
  return `expected a module.yaml document (\`kind\` and \`spec\`), a Benthos file (\`input\`, \`output\`, …) or Sluice's own settings (\`sluice\`), got ${found}`;
};

const isTemplate = (root: ConfigNode): boolean => root instanceof MapNode && ['name', 'type', 'mapping'].every((name) => root.entry(name));

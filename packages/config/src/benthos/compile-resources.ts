import type { z } from 'zod';
import type { ProcessorOptions } from '../model/processor.ts';
import type { ResourceSettings, ResourcesSettings } from '../model/resources.ts';
import { readSection } from '../schema/read-section.ts';
import { didYouMean } from '../schema/suggest.ts';
import { describeNode, ListNode, type MapNode } from '../yaml/node.ts';
import { list, readComponent } from './component.ts';
import type { BenthosContext } from './context.ts';
import type { ResourceKind } from './resource-labels.ts';
import { cacheTypes, rateLimitTypes } from './schema/resources.ts';

/** The caches and rate limits of a document. A kind that Sluice does not have is reported where it is defined. */
export function compileResources(root: MapNode, context: BenthosContext): ResourcesSettings {
  return { caches: compileKind('cache', cacheTypes, root, context), rateLimits: compileKind('rate_limit', rateLimitTypes, root, context) };
}

function compileKind(
  kind: ResourceKind,
  types: Readonly<Record<string, z.ZodType>>,
  root: MapNode,
  context: BenthosContext,
): readonly ResourceSettings[] {
  const { log, labels } = context;
  const section = `${kind}_resources`;
  const node = root.get(section);
  if (!node) return [];
  if (!(node instanceof ListNode)) {
    log.error('field.type', node.position, `\`${section}\`: expected a list, got ${describeNode(node)}`);
    return [];
  }
  const supported = Object.keys(types);
  const refuse = (type: string, position: (typeof node)['position']) =>
    log.error(
      'component.unsupported',
      position,
      `Sluice has no ${kind.replace('_', ' ')} \`${type}\`${didYouMean(type, supported)}; it supports ${list(supported)}`,
    );
  return node.items.flatMap((item): ResourceSettings[] => {
    const component = readComponent(item, { kind, supported, isOuter: true, onForeign: refuse }, context);
    if (!component) return [];
    labels.addResource(component);
    const { type, label = '', options, position } = component;
    const { value, leaves } = readSection(types[type]!, options, `${section}.${type}`, log);
    context.checkBloblang(leaves);
    return value === undefined ? [] : [{ label, type, position, options: optionsOf(value) }];
  });
}

/** A list of levels is all that a cache of several levels has. */
const optionsOf = (value: unknown): ProcessorOptions => (Array.isArray(value) ? { levels: value } : (value as ProcessorOptions));

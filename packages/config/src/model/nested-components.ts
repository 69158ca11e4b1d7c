import type { EgressDraft } from './egress-draft.ts';
import type { ComponentSettings, Pipeline } from './pipeline.ts';

/** The `aws_kinesis` outputs in the output of a pipeline or in one behind lanes, at any depth. */
export const egressesIn = ({ output }: Pick<Pipeline, 'output'>): readonly EgressDraft[] =>
  withNestedComponents(output)
    .filter(({ type }) => type === 'aws_kinesis')
    .map(({ options }) => options as EgressDraft);

/** The component and all that are nested in it. */
export const withNestedComponents = (component: ComponentSettings): readonly ComponentSettings[] => [
  component,
  ...componentsIn(component.options),
];

function componentsIn(option: unknown): readonly ComponentSettings[] {
  if (Array.isArray(option)) return option.flatMap(componentsIn);
  if (typeof option !== 'object' || option === null) return [];
  return isComponent(option) ? withNestedComponents(option) : Object.values(option).flatMap(componentsIn);
}

/** Processors have no processors of their own. */
const isComponent = (option: object): option is ComponentSettings => 'type' in option && 'path' in option && 'processors' in option;

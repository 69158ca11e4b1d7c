import type { Endpoint, SluiceConfig } from '@sluice/config';

/** The endpoint that serves a function type (`namespace/name`): an exact one wins over one for the whole namespace. */
export function servingEndpoint({ endpoints, egresses }: Pick<SluiceConfig, 'endpoints' | 'egresses'>, type: string): Endpoint | undefined {
  // The lanes of an egress have its id as their target.
  if (egresses.some(({ id }) => id === type)) return undefined;
  const namespace = type.slice(0, type.indexOf('/'));
  return (
    endpoints.find(({ id }) => id === type) ?? endpoints.find((endpoint) => endpoint.name === undefined && endpoint.namespace === namespace)
  );
}

/** The types that the configuration names for an endpoint: its own, and those that ingresses route to. */
export function configuredTypes({ ingresses }: Pick<SluiceConfig, 'ingresses'>, endpoint: Endpoint): string[] {
  const targets = ingresses.flatMap(({ streams }) => streams.flatMap((stream) => stream.targets));
  const routed = targets.flatMap((target) =>
    target.type === 'function' && target.endpointId === endpoint.id ? [target.functionType] : [],
  );
  return [...new Set([...(endpoint.name === undefined ? [] : [endpoint.id]), ...routed])];
}

import type { Egress } from '../model/egress.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Ingress, IngressStream } from '../model/ingress.ts';
import type { IngressDraft, IngressStreamDraft, TargetName } from '../model/ingress-draft.ts';
import type { OutputEgress } from '../model/output-egress.ts';
import type { Target } from '../model/target.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { didYouMean } from '../schema/suggest.ts';

/** Looks up what each ingress routes to: an egress, an output by label, or a function that an endpoint serves. */
export function resolveTargets(
  drafts: readonly IngressDraft[],
  egresses: readonly (Egress | OutputEgress)[],
  endpoints: readonly Endpoint[],
  log: ProblemLog,
): Omit<Ingress, 'onError'>[] {
  const resolver = new TargetResolver(egresses, endpoints, log);
  return drafts.map((draft) => ({ ...draft, streams: draft.streams.map((stream) => resolveStream(stream, resolver)) }));
}

const resolveStream = (stream: IngressStreamDraft, resolver: TargetResolver): IngressStream => ({
  ...stream,
  targets: stream.targets.map((target) => resolver.resolve(target)),
});

class TargetResolver {
  readonly #egresses: ReadonlyMap<string, Egress | OutputEgress>;
  readonly #endpoints: readonly Endpoint[];
  readonly #log: ProblemLog;
  readonly #withoutStream = new Set<string>();

  constructor(egresses: readonly (Egress | OutputEgress)[], endpoints: readonly Endpoint[], log: ProblemLog) {
    this.#egresses = new Map(egresses.map((egress) => [egress.id, egress]));
    this.#endpoints = endpoints;
    this.#log = log;
  }

  resolve({ name, position, isImplicit }: TargetName): Target {
    if (this.#egresses.has(name)) {
      const target = { type: 'egress', egressId: name, position } as const;
      this.#requireStream(target);
      return target;
    }
    const endpoint = this.#endpointOf(name);
    if (endpoint) return { type: 'function', functionType: name, endpointId: endpoint.id, position };
    // An output that failed to compile has its own problem already.
    if (!isImplicit)
      this.#log.error(
        'target.unresolved',
        position,
        `target \`${name}\` names no egress, no output and no function of an endpoint${didYouMean(name, this.#egresses.keys())}; ${this.#inventory()}`,
      );
    return { type: 'unresolved', name, position };
  }

  /** Reports, once an egress, that a direct route gives its records no stream. */
  #requireStream({ egressId, position }: Extract<Target, { type: 'egress' }>): void {
    const egress = this.#egresses.get(egressId);
    const stream = egress && 'stream' in egress ? egress.stream : undefined;
    if (stream?.type !== 'record' || stream.default !== undefined || this.#withoutStream.has(egressId)) return;
    this.#withoutStream.add(egressId);
    this.#log.error(
      'target.without-stream',
      position,
      `egress \`${egressId}\` takes the stream from each record, and records of a direct route name none: set it in a file of your own, \`sluice: {egresses: {"${egressId}": {stream: <name>}}}\``,
    );
  }

  /** An exact endpoint wins over one for the whole namespace. */
  #endpointOf(name: string): Endpoint | undefined {
    const namespace = name.slice(0, name.indexOf('/'));
    return (
      this.#endpoints.find(({ id }) => id === name) ??
      this.#endpoints.find((endpoint) => endpoint.name === undefined && endpoint.namespace === namespace)
    );
  }

  #inventory(): string {
    const egresses = [...this.#egresses.keys()].map((id) => `\`${id}\``);
    const endpoints = this.#endpoints.map(({ id }) => `\`${id}\``);
    if (egresses.length === 0 && endpoints.length === 0) return 'nothing is configured that could be one';
    return [egresses.length > 0 && `egresses: ${egresses.join(', ')}`, endpoints.length > 0 && `functions: ${endpoints.join(', ')}`]
      .filter(Boolean)
      .join('; ');
  }
}

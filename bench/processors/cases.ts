/** Chains that people write, one for each of the commonest processors, over orders of 1 KiB in batches of 50. */
import type { Message } from '@sluice/bloblang';
import { compileConfig, hasErrors } from '@sluice/config';
import { silentLogger, systemClock } from '@sluice/core';
import { compileProcessors, type OpenHttpClient, type ProcessorChain } from '@sluice/processors';
import { createResources } from '@sluice/resources';

export interface ProcessorCase {
  readonly name: string;
  /** What stands below `pipeline.processors`. */
  readonly processors: string;
}

/** What the others are compared with: it reads the whole document and writes it with a field more. */
export const BASELINE: ProcessorCase = { name: 'mapping', processors: '- mapping: |\n    root = this\n    root.sum = this.total * 2' };

export const processorCases: readonly ProcessorCase[] = [
  BASELINE,
  { name: 'mutation', processors: '- mutation: root.sum = this.total * 2' },
  {
    name: 'switch, of three cases',
    processors: `
- switch:
    - check: this.type == "order.cancelled"
      processors: [{ mutation: root.lost = true }]
    - check: this.total > 100
      processors: [{ mutation: root.large = true }]
    - processors: [{ mutation: root.small = true }]`,
  },
  {
    name: 'branch, with a mapping',
    processors: `
- branch:
    request_map: root = this.user
    processors: [{ mapping: 'root = this.name.uppercase()' }]
    result_map: root.user.shout = content().string()`,
  },
  {
    name: 'workflow, of two branches',
    processors: `
- workflow:
    meta_path: ''
    branches:
      a: { request_map: root = this.total, processors: [{ mapping: root = this * 2 }], result_map: root.double = this }
      b: { request_map: root = this.double, processors: [{ mapping: root = this + 1 }], result_map: root.more = this }`,
  },
  { name: 'try and catch', processors: `- try: [{ mutation: root.sum = this.total * 2 }]\n- catch: [{ mutation: root.failed = error() }]` },
  { name: 'http, answered at once', processors: `- http: { url: 'http://localhost/\${! this.id }', retries: 0 }` },
  {
    name: 'cache, in memory',
    processors: `- cache: { resource: memory, operator: set, key: '\${! this.id }', value: '\${! this.user.tier }' }`,
  },
  { name: 'dedupe, in memory', processors: `- dedupe: { cache: lru, key: '\${! this.id }-\${! counter() }' }` },
  { name: 'metric', processors: `- metric: { type: counter, name: orders, labels: { type: '\${! this.type }' } }` },
  { name: 'archive and unarchive, json_array', processors: '- archive: { format: json_array }\n- unarchive: { format: json_array }' },
  { name: 'jq', processors: `- jq: { query: '{id, total, skus: [.items[].sku]}' }` },
  { name: 'compress, gzip', processors: '- compress: { algorithm: gzip }' },
];

const RESOURCES = `
output: { drop: {} }
cache_resources:
  - { label: memory, memory: {} }
  - { label: lru, lru: { cap: 1000 } }
`;

/** @throws {Error} the chain is not one that Sluice takes */
export function compileCase({ processors }: ProcessorCase): ProcessorChain {
  const text = `pipeline:\n  processors:\n${processors.trim().replaceAll(/^/gm, '    ')}\n${RESOURCES}`;
  const { config, problems } = compileConfig([{ name: 'case.yaml', text }], { env: {} });
  if (hasErrors(problems)) throw new Error(problems.map(({ message }) => message).join('\n'));
  const [{ processors: settings, resources }] = config.pipelines as [(typeof config.pipelines)[number]];
  const ports = { logger: silentLogger, clock: systemClock, metrics: { open: () => () => undefined }, openHttp: answering };
  return compileProcessors(settings, { ...ports, resources: createResources(resources, ports), refusesFailed: false });
}

const answering: OpenHttpClient = () => ({
  send: async ({ body }) => ({ answer: { status: 200, headers: {}, body }, problem: undefined }),
});

/** Messages of their own, so that nothing that is remembered of one helps the next. */
export const fresh = (batch: readonly Message[]): Message[] => batch.map((message) => ({ ...message }));

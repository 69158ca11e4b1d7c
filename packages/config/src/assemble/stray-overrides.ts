import { list } from '../benthos/component.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { IngressDraft } from '../model/ingress-draft.ts';
import { egressesIn } from '../model/nested-components.ts';
import type { OutputEgressDraft } from '../model/output-egress.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { didYouMean } from '../schema/suggest.ts';
import { MapNode } from '../yaml/node.ts';

interface Defined {
  readonly egresses: readonly EgressDraft[];
  readonly outputs: readonly OutputEgressDraft[];
  readonly ingresses: readonly IngressDraft[];
  readonly pipelines: readonly Pipeline[];
}

/** Settings of an egress, an ingress or a stream that is not defined are most likely misspelt. */
export function warnAboutStrayOverrides(settings: MapNode, { egresses, outputs, ingresses, pipelines }: Defined, log: ProblemLog): void {
  const ids = [...egresses, ...outputs, ...[...pipelines, ...outputs].flatMap(egressesIn)].map(({ id }) => id);
  warnAbout('egress is', settings.get('egresses'), ids, log);
  const node = settings.get('ingresses');
  warnAbout(
    'ingress is',
    node,
    ingresses.map(({ id }) => id),
    log,
  );
  for (const { id, streams } of ingresses) {
    const override = node instanceof MapNode ? node.get(id) : undefined;
    const ofStreams = override instanceof MapNode ? override.get('streams') : undefined;
    warnAbout(
      `stream of ingress \`${id}\` is`,
      ofStreams,
      streams.map(({ stream }) => stream),
      log,
    );
  }
}

function warnAbout(what: string, node: unknown, names: readonly string[], log: ProblemLog): void {
  for (const { key } of node instanceof MapNode ? node.entries : []) {
    if (names.includes(key.text)) continue;
    log.warn('target.unresolved', key.position, `no ${what} called \`${key.text}\`${inventory(key.text, names)}`);
  }
}

const MAX_NAMES = 10;

/** What was meant, and what there is. A file that defines nothing has its settings for other files. */
function inventory(name: string, names: readonly string[]): string {
  const suggestion = didYouMean(name, names);
  if (names.length === 0 || (suggestion !== '' && names.length === 1)) return suggestion;
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `${suggestion === '' ? '; ' : `${suggestion} `}there ${names.length === 1 ? 'is' : 'are'} ${list(names.slice(0, MAX_NAMES))}${more}`;
}

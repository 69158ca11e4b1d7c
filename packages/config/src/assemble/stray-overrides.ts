import type { EgressDraft } from '../model/egress-draft.ts';
import type { IngressDraft } from '../model/ingress-draft.ts';
import { egressesIn } from '../model/nested-components.ts';
import type { OutputEgressDraft } from '../model/output-egress.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { nearest } from '../schema/suggest.ts';
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
    const suggestion = nearest(key.text, names);
    log.warn(
      'target.unresolved',
      key.position,
      `no ${what} called \`${key.text}\`${suggestion ? `; did you mean \`${suggestion}\`?` : ''}`,
    );
  }
}

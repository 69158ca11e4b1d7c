import { applyOverride, type Override } from '../benthos/overrides.ts';
import type { Environment } from '../environment/env-vars.ts';
import type { SluiceConfig } from '../model/config.ts';
import { egressesIn } from '../model/nested-components.ts';
import type { Pipeline } from '../model/pipeline.ts';
import { ProblemLog } from '../problem/problem.ts';
import { refuseForOutputs } from '../refusals/output-refusals.ts';
import { compileSettings } from '../settings/compile-settings.ts';
import { settingsFromEnv } from '../settings/settings-from-env.ts';
import type { SourceFile } from '../source/source-file.ts';
import type { Template } from '../templates/template.ts';
import { MapNode } from '../yaml/node.ts';
import { type EffectiveDocument, effectiveDocuments } from './effective-documents.ts';
import { checkAggregates } from './finish-aggregation.ts';
import { finishEgress } from './finish-egress.ts';
import { finishIngress } from './finish-ingress.ts';
import { finishOutput } from './finish-output.ts';
import { Parts } from './parts.ts';
import type { ConfigDocument } from './read-documents.ts';
import { refusePrograms } from './refuse-programs.ts';
import { resolveTargets } from './resolve-targets.ts';
import { settingsOf } from './settings-layers.ts';
import { refuseSharedProcessors } from './shared-processors.ts';
import { warnAboutStrayOverrides } from './stray-overrides.ts';

export interface CompileInput {
  readonly documents: readonly ConfigDocument[];
  readonly templates: readonly Template[];
  readonly overrides: readonly Override[];
  readonly env: Environment;
  readonly log: ProblemLog;
}

export interface CompiledDocuments {
  readonly config: SluiceConfig;
  /** Texts that came from the environment. */
  readonly sources: readonly SourceFile[];
  readonly effective: readonly EffectiveDocument[];
  /** What is set below `sluice`, without what other sections imply. */
  readonly given: MapNode;
}

/** Everything that the documents, the environment and the flags say, as one model. */
export function compileDocuments({ documents, templates, overrides, env, log }: CompileInput): CompiledDocuments {
  const parts = new Parts(log, templates);
  const ours = overrides.filter(({ path }) => path[0] === 'sluice');
  const overridden = overrideBenthos(
    documents,
    overrides.filter(({ path }) => path[0] !== 'sluice'),
    log,
  );
  for (const document of overridden) parts.add(document, overridden.length === 1);
  const fromEnv = settingsFromEnv(env, log);
  const layers = { documents, overrides: ours, fromEnv: fromEnv.node };
  const settingsNode = settingsOf({ ...layers, base: parts.settings }, log);
  const settings = compileSettings(settingsNode, log);
  refusePrograms(parts.programs, settings.commands.allowed, log);
  const egresses = parts.egresses.map((draft) => finishEgress(draft, settings, log));
  const outputs = parts.outputs.map((draft) => finishOutput(draft, settings));
  const ingresses = resolveTargets(parts.ingresses, [...egresses, ...outputs], parts.endpoints, log).map((ingress) =>
    finishIngress(ingress, settings, log),
  );
  refuseForOutputs(parts, settingsNode, log);
  const inside = (some: readonly Pick<Pipeline, 'output'>[]) => some.flatMap(egressesIn).map((draft) => finishEgress(draft, settings));
  const writers = { egresses, inOutputs: inside(parts.outputs), inPipelines: inside(parts.pipelines) };
  checkAggregates(writers, settings, settingsNode, log);
  refuseSharedProcessors(ingresses, log);
  warnAboutStrayOverrides(settingsNode, parts, log);
  return {
    config: { ingresses, egresses, outputs, endpoints: parts.endpoints, pipelines: parts.pipelines, settings },
    sources: fromEnv.files,
    effective: effectiveDocuments(overridden, settingsNode),
    // Its problems are reported above.
    given: settingsOf({ ...layers, base: undefined }, new ProblemLog()),
  };
}

/** `-s` flags change the Benthos document that has their first field, or else the first one. */
function overrideBenthos(documents: readonly ConfigDocument[], overrides: readonly Override[], log: ProblemLog): ConfigDocument[] {
  const changed = [...documents];
  for (const override of overrides) {
    const candidates = changed.flatMap(({ kind }, index) => (kind === 'benthos' ? [index] : []));
    const index = candidates.find((candidate) => {
      const { root } = changed[candidate]!;
      return root instanceof MapNode && root.get(override.path[0]!) !== undefined;
    });
    const at = index ?? candidates[0];
    if (at === undefined)
      log.error(
        'override.invalid',
        override.key.position,
        `there is no Benthos document in which \`${override.key.text}\` could be set; a setting of Sluice begins with \`sluice.\``,
      );
    else changed[at] = { ...changed[at]!, root: applyOverride(changed[at]!.root, override, log) };
  }
  return changed;
}

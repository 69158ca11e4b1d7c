import { compileBenthosDocument } from '../benthos/compile-document.ts';
import { applyOverride, type Override } from '../benthos/overrides.ts';
import type { Environment } from '../environment/env-vars.ts';
import type { SluiceConfig } from '../model/config.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { IngressDraft } from '../model/ingress-draft.ts';
import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { bloblangChecker } from '../schema/bloblang-checker.ts';
import { nearest } from '../schema/suggest.ts';
import { compileSettings } from '../settings/compile-settings.ts';
import { mergeNodes } from '../settings/merge.ts';
import { settingsFromEnv } from '../settings/settings-from-env.ts';
import type { SourceFile } from '../source/source-file.ts';
import { compileLegacyModule } from '../statefun/compile-legacy-module.ts';
import { compileModuleDocument, type ModuleComponent } from '../statefun/compile-module.ts';
import { describeNode, isNullText, MapNode, ScalarNode } from '../yaml/node.ts';
import { type EffectiveDocument, effectiveDocuments } from './effective-documents.ts';
import { finishEgress } from './finish-egress.ts';
import type { ConfigDocument } from './read-documents.ts';
import { resolveTargets } from './resolve-targets.ts';

export interface CompileInput {
  readonly documents: readonly ConfigDocument[];
  readonly overrides: readonly Override[];
  readonly env: Environment;
  readonly log: ProblemLog;
}

export interface CompiledDocuments {
  readonly config: SluiceConfig;
  /** Texts that came from the environment. */
  readonly sources: readonly SourceFile[];
  readonly effective: readonly EffectiveDocument[];
}

/** Everything that the documents, the environment and the flags say, as one model. */
export function compileDocuments({ documents, overrides, env, log }: CompileInput): CompiledDocuments {
  const parts = new Parts(log);
  const ours = overrides.filter(({ path }) => path[0] === 'sluice');
  const overridden = overrideBenthos(
    documents,
    overrides.filter(({ path }) => path[0] !== 'sluice'),
    log,
  );
  for (const document of overridden) parts.add(document);
  const fromEnv = settingsFromEnv(env, log);
  const settingsNode = settingsOf({ documents, overrides: ours, base: parts.settings, fromEnv: fromEnv.node }, log);
  const settings = compileSettings(settingsNode, log);
  const egresses = parts.egresses.map((draft) => finishEgress(draft, settings));
  const ingresses = resolveTargets(parts.ingresses, egresses, parts.endpoints, log);
  warnAboutStrayOverrides(settingsNode, parts.egresses, log);
  return {
    config: { ingresses, egresses, endpoints: parts.endpoints, settings },
    sources: fromEnv.files,
    effective: effectiveDocuments(overridden, settingsNode),
  };
}

/** Collects what the documents define; an id may be defined once. */
class Parts {
  readonly ingresses: IngressDraft[] = [];
  readonly egresses: EgressDraft[] = [];
  readonly endpoints: Endpoint[] = [];
  /** Settings that a Benthos file implies. */
  settings: MapNode | undefined;
  readonly #positions = new Map<string, SourcePosition>();
  readonly #log: ProblemLog;

  constructor(log: ProblemLog) {
    this.#log = log;
  }

  add({ kind, root }: ConfigDocument): void {
    if (kind === 'module') this.#addComponents([compileModuleDocument(root, this.#log)]);
    else if (kind === 'legacy-module' && root instanceof MapNode) this.#addComponents(compileLegacyModule(root, this.#log));
    else if (kind === 'benthos') {
      const { ingresses, egresses, settings } = compileBenthosDocument(root, bloblangChecker, this.#log);
      for (const ingress of ingresses) if (this.#isNew('ingress', ingress)) this.ingresses.push(ingress);
      for (const egress of egresses) if (this.#isNew('egress', egress)) this.egresses.push(egress);
      if (settings) this.settings = mergeNodes(this.settings, settings) as MapNode;
    }
  }

  #addComponents(components: ReadonlyArray<ModuleComponent | undefined>): void {
    for (const component of components) {
      if (component?.type === 'ingress' && this.#isNew('ingress', component.ingress)) this.ingresses.push(component.ingress);
      else if (component?.type === 'egress' && this.#isNew('egress', component.egress)) this.egresses.push(component.egress);
      else if (component?.type === 'endpoint' && this.#isNew('endpoint', component.endpoint)) this.endpoints.push(component.endpoint);
    }
  }

  #isNew(what: 'ingress' | 'egress' | 'endpoint', { id, position }: { id: string; position: SourcePosition }): boolean {
    const key = `${what} ${id}`;
    const earlier = this.#positions.get(key);
    if (!earlier) {
      this.#positions.set(key, position);
      return true;
    }
    const hint = /^(?:in|out)put\/aws_kinesis$/.test(id) ? '; give each a `label`' : '';
    this.#log.error(
      'id.duplicate',
      position,
      `${what} \`${id}\` was previously defined at ${earlier.file}(${earlier.line},${earlier.column})${hint}`,
    );
    return false;
  }
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

interface SettingsLayers {
  /** What Benthos files imply. */
  readonly base: MapNode | undefined;
  readonly documents: readonly ConfigDocument[];
  readonly fromEnv: MapNode | undefined;
  readonly overrides: readonly Override[];
}

/** Flags over the environment over files, the later over the earlier. */
function settingsOf({ base, documents, fromEnv, overrides }: SettingsLayers, log: ProblemLog): MapNode {
  let merged = base;
  for (const { kind, root } of documents) {
    const node = kind === 'sluice' && root instanceof MapNode ? settingsIn(root, log) : undefined;
    if (node) merged = mergeNodes(merged, node) as MapNode;
  }
  if (fromEnv) merged = mergeNodes(merged, fromEnv) as MapNode;
  for (const override of overrides) {
    const changed = applyOverride(merged ?? emptyMap(override), { ...override, path: override.path.slice(1) }, log);
    if (changed instanceof MapNode) merged = changed;
    else
      log.error(
        'override.invalid',
        override.key.position,
        '`sluice` takes an object; name one of its fields, for example `sluice.lanes=8`',
      );
  }
  return merged ?? new MapNode({ text: '', locate: () => ({ file: 'default', line: 1, column: 1 }), variableAt: () => undefined }, 0, []);
}

function settingsIn(root: MapNode, log: ProblemLog): MapNode | undefined {
  for (const { key } of root.entries) {
    if (key.text !== 'sluice')
      log.lint('field.unknown', key.position, `unknown field \`${key.text}\` beside \`sluice\`: put other documents below a line \`---\``);
  }
  const node = root.get('sluice');
  if (node instanceof MapNode) return node;
  if (node && !(node instanceof ScalarNode && isNullText(node)))
    log.error('field.type', node.position, `\`sluice\`: expected an object, got ${describeNode(node)}`);
  return undefined;
}

const emptyMap = ({ key }: Override): MapNode => new MapNode(key.origin, key.offset, []);

/** Settings of an egress that is not defined are most likely misspelt. */
function warnAboutStrayOverrides(settings: MapNode, egresses: readonly EgressDraft[], log: ProblemLog): void {
  const node = settings.get('egresses');
  const ids = egresses.map(({ id }) => id);
  for (const { key } of node instanceof MapNode ? node.entries : []) {
    if (ids.includes(key.text)) continue;
    const suggestion = nearest(key.text, ids);
    log.warn(
      'target.unresolved',
      key.position,
      `no egress is called \`${key.text}\`${suggestion ? `; did you mean \`${suggestion}\`?` : ''}`,
    );
  }
}

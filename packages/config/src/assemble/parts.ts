import { compileBenthosDocument } from '../benthos/compile-document.ts';
import type { ProgramUse } from '../benthos/context.ts';
import type { EgressDraft } from '../model/egress-draft.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { IngressDraft } from '../model/ingress-draft.ts';
import type { OutputEgressDraft } from '../model/output-egress.ts';
import type { Pipeline } from '../model/pipeline.ts';
import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { bloblangChecker } from '../schema/bloblang-checker.ts';
import { mergeNodes } from '../settings/merge.ts';
import { compileLegacyModule } from '../statefun/compile-legacy-module.ts';
import { compileModuleDocument, type ModuleComponent } from '../statefun/compile-module.ts';
import type { Template } from '../templates/template.ts';
import { MapNode } from '../yaml/node.ts';
import type { ConfigDocument } from './read-documents.ts';

/** Collects what the documents define; an id may be defined once. */
export class Parts {
  readonly ingresses: IngressDraft[] = [];
  readonly egresses: EgressDraft[] = [];
  readonly outputs: OutputEgressDraft[] = [];
  readonly endpoints: Endpoint[] = [];
  readonly pipelines: Pipeline[] = [];
  readonly programs: ProgramUse[] = [];
  /** Settings that a Benthos file implies. */
  settings: MapNode | undefined;
  readonly #positions = new Map<string, SourcePosition>();
  readonly #log: ProblemLog;

  readonly #templates: readonly Template[];

  constructor(log: ProblemLog, templates: readonly Template[]) {
    this.#log = log;
    this.#templates = templates;
  }

  /** @param isAlone there is no other document */
  add({ kind, root }: ConfigDocument, isAlone: boolean): void {
    if (kind === 'module') this.#addComponents([compileModuleDocument(root, this.#log)]);
    else if (kind === 'legacy-module' && root instanceof MapNode) this.#addComponents(compileLegacyModule(root, this.#log));
    else if (kind === 'benthos') {
      const { ingresses, egresses, outputs, pipelines, programs, settings } = compileBenthosDocument(root, bloblangChecker, this.#log, {
        templates: this.#templates,
        isAlone,
      });
      for (const ingress of ingresses) if (this.#isNew('ingress', ingress)) this.ingresses.push(ingress);
      for (const egress of egresses) if (this.#isNew('egress', egress)) this.egresses.push(egress);
      for (const output of outputs) if (this.#isNew('egress', output)) this.outputs.push(output);
      this.pipelines.push(...pipelines);
      this.programs.push(...programs);
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

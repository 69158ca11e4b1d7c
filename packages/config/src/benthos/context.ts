import type { ComponentSettings } from '../model/pipeline.ts';
import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import type { GivenLeaf } from '../schema/read-section.ts';
import type { Template } from '../templates/template.ts';
import type { ConfigNode } from '../yaml/node.ts';
import type { LabelRegistry } from './component.ts';
import type { ResourceLabels } from './resource-labels.ts';

/** A processor that runs a program. */
export interface ProgramUse {
  readonly type: string;
  /** `undefined`: it depends on the message. */
  readonly name: string | undefined;
  readonly position: SourcePosition;
}

/** What the parts of one Benthos document share while they are compiled. */
export interface BenthosContext {
  readonly log: ProblemLog;
  readonly templates: readonly Template[];
  readonly labels: LabelRegistry;
  /** Caches and rate limits. */
  readonly resourceLabels: ResourceLabels;
  readonly processorResources: ReadonlyMap<string, ConfigNode>;
  /** Components of `input_resources` and `output_resources` by label. */
  readonly resources: Readonly<Record<'input' | 'output', ReadonlyMap<string, ConfigNode>>>;
  /** Labels of the processor resources being followed, so that a ring of them ends. */
  readonly resourcesInUse: Set<string>;
  /** Input and output resources that something refers to, compiled once; 'open' while one is being compiled. */
  readonly referenced: Map<string, ComponentSettings | 'open' | undefined>;
  /** Of the document, also where {@link log} is silenced. */
  readonly documentLog: ProblemLog;
  /** Programs that processors run; filled while they are compiled, twice where that is compiled twice. */
  readonly programs: ProgramUse[];
  readonly checkBloblang: (leaves: readonly GivenLeaf[]) => void;
  /** The same, for what is compiled a second time: its labels count and its problems are reported where it is defined. */
  silenced(): BenthosContext;
}

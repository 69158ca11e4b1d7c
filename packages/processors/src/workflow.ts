import { documentContent, type Message, openDocument } from '@sluice/bloblang';
import { andThen, foldInTurn, mapAwaiting } from '@sluice/core';
import { clone, getPath, isObject, type Path, parsePath, setPath, type Value } from '@sluice/values';
import { type Answers, Branch, runOfPlaces } from './branch.ts';
import { attempt, ContentError, flagged, isFailure } from './failure.ts';
import type { CompileContext, ProcessedMessage, Processor, ProcessorSettings } from './processor.ts';
import { tiersOf } from './workflow-tiers.ts';

interface WorkflowOptions {
  readonly meta_path: string;
  /** Empty: the branches' mappings tell which of them needs which. */
  readonly order: ReadonlyArray<readonly string[]>;
  readonly branches: readonly { readonly name: string; readonly branch: ProcessorSettings }[];
}

/** What the branches did to one message, by their names. */
class Progress {
  readonly failed = new Map<string, string>();
  readonly skipped = new Set<string>();
  readonly succeeded = new Set<string>();

  /** As it stands at `meta_path`. */
  toDocument(previous: Value): { [name: string]: Value } {
    return {
      ...(previous !== null && { previous }),
      ...(this.succeeded.size > 0 && { succeeded: [...this.succeeded].sort() }),
      ...(this.skipped.size > 0 && { skipped: [...this.skipped].sort() }),
      ...(this.failed.size > 0 && { failed: Object.fromEntries(this.failed) }),
    };
  }
}

/**
 * `workflow`: branches in tiers. Those of a tier read the messages as the tier before left them, and edit them in their order. What became
 * of each branch is written at `meta_path` of the message, which skips at its next time what succeeded or was skipped before. A failed
 * branch flags the message only where there is no such place: no `meta_path`, or a document that is no object.
 */
export function workflow(settings: ProcessorSettings, context: CompileContext): Processor {
  const { meta_path: metaPath, order, branches } = settings.options as unknown as WorkflowOptions;
  const compiled = new Map(branches.map(({ name, branch }) => [name, new Branch(branch, context)]));
  const tiers = tiersOf(compiled, order, settings);
  const path = metaPath === '' ? undefined : parsePath(metaPath);
  return (batch, run) => {
    const original = batch.map(({ message }) => message);
    const leftOut = original.map((message) => leftOutBy(path && metaIn(message, path)));
    const progress = original.map(() => new Progress());
    const placed = runOfPlaces(batch, run);
    const ask = (name: string, messages: readonly Message[]) => compiled.get(name)!.ask(messages, placed, (index) => leftOut[index]!(name));
    const edited = foldInTurn(tiers, original, (messages, tier) =>
      andThen(
        mapAwaiting(tier, (name) => ask(name, messages), tier.length),
        (answers) => messages.map((message, index) => editedBy(tier, answers, message, index, progress[index]!)),
      ),
    );
    return andThen(edited, (messages) => [
      batch.map((item, index) => noted({ ...item, message: messages[index]! }, progress[index]!, path, settings)),
    ]);
  };
}

/** A message edited by the branches of a tier, in their order. */
function editedBy(tier: readonly string[], answers: readonly Answers[], original: Message, index: number, progress: Progress): Message {
  let message = original;
  for (const [at, name] of tier.entries()) {
    if (answers[at]!.isSkipped(index)) {
      progress.skipped.add(name);
      continue;
    }
    const applied = answers[at]!.applyTo(message, index);
    message = applied.message;
    if (applied.problem === undefined) progress.succeeded.add(name);
    else progress.failed.set(name, applied.problem);
  }
  return message;
}

function noted(item: ProcessedMessage, progress: Progress, path: Path | undefined, settings: ProcessorSettings): ProcessedMessage {
  if (path) {
    const content = attempt(() => withMeta(item.message.content, path, progress));
    if (isFailure(content)) return flagged(item, content, settings);
    if (content) return { ...item, message: { ...item.message, content } };
  }
  if (progress.failed.size === 0) return item;
  return flagged(item, new ContentError(`workflow branches failed: [${[...progress.failed.keys()].sort().join(' ')}]`), settings);
}

/** `undefined` where the document has no place for it. */
function withMeta(content: Uint8Array, path: Path, progress: Progress): Uint8Array | undefined {
  const document = clone(openDocument(content).value());
  if (!isObject(document)) return undefined;
  const result = attempt(() => setPath(document, path, progress.toDocument(getPath(document, path))));
  return isFailure(result) ? undefined : documentContent(result).bytes;
}

function metaIn({ content }: Message, path: Path): Value {
  const document = attempt(() => openDocument(content).value());
  return isFailure(document) ? null : getPath(document, path);
}

/** Which branches a message leaves out, by what an earlier workflow wrote in it. */
function leftOutBy(meta: Value | undefined): (name: string) => boolean {
  if (meta === undefined || !isObject(meta)) return () => false;
  const namesIn = (key: string): readonly Value[] | undefined => {
    const names = getPath(meta, [key]);
    return Array.isArray(names) ? names : undefined;
  };
  const done = [...(namesIn('succeeded') ?? []), ...(namesIn('skipped') ?? [])];
  const apply = namesIn('apply');
  return (name) => done.includes(name) || (apply !== undefined && !apply.includes(name));
}

/** Processors made of processors that look at each message by itself: `processors`, `for_each`, `try`, `catch`. */
import { withoutFailure } from './failure.ts';
import { type Batch, type CompileContext, type Processor, type ProcessorSettings, runAll } from './processor.ts';

/** `processors`: a list of processors as one. */
export function processors(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = childrenOf(settings, context);
  return (batch) => runAll(children, [batch]);
}

/** `for_each`: each message as a batch of its own. */
export function forEach(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = childrenOf(settings, context);
  return (batch) => [runAll(children, alone(batch)).flat()];
}

/** `try`: as {@link forEach}, but a message that has failed, before or inside, skips what is left. */
export function tryEach(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = childrenOf(settings, context).map(
    (child): Processor =>
      (batch) =>
        batch[0]!.message.failure ? [batch] : child(batch),
  );
  return (batch) => [runAll(children, alone(batch)).flat()];
}

/** `catch`: as {@link forEach}, but over failed messages only; nothing that leaves is flagged. */
export function catchEach(settings: ProcessorSettings, context: CompileContext): Processor {
  const children = childrenOf(settings, context);
  return (batch) => [
    batch.flatMap((item) =>
      item.message.failure
        ? runAll(children, [[item]])
            .flat()
            .map(withoutFailure)
        : item,
    ),
  ];
}

const alone = (batch: Batch): readonly Batch[] => batch.map((item) => [item]);

const childrenOf = ({ options }: ProcessorSettings, context: CompileContext): readonly Processor[] =>
  context.compileAll(options['processors'] as readonly ProcessorSettings[]);

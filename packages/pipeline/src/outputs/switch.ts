import type { Mapping } from '@sluice/bloblang';
import { parseMapping } from '@sluice/bloblang-library';
import type { BloblangSource, ComponentSettings } from '@sluice/config';
import { BloblangError } from '@sluice/values';
import { type BuildOutput, type ComponentContext, optionsOf } from '../component.ts';
import type { Deliver, Delivery } from '../delivery.ts';
import { ComponentConfigError, MessageRejectedError } from '../errors.ts';
import { partsOf, pick } from '../stages/parts.ts';

interface SwitchOptions {
  readonly strict_mode: boolean;
  readonly cases: readonly {
    readonly check: BloblangSource;
    readonly output: ComponentSettings;
    readonly continue: boolean;
  }[];
}

interface Case {
  /** Absent: every message passes. */
  readonly check: Mapping | undefined;
  readonly output: Deliver;
  readonly goesOn: boolean;
}

/**
 * `switch`: each message to the output of the first case whose check it passes, and with `continue` to later ones too. A check that fails
 * is not passed. A message that passes none is dropped; with `strict_mode` its batch is refused, and nothing of it written.
 */
export const switchCases: BuildOutput = (settings, context) => {
  const { cases: options, strict_mode: isStrict } = optionsOf<SwitchOptions>(settings);
  if (options.length === 0) throw new ComponentConfigError(settings, 'a `switch` needs at least one case');
  const cases = options.map(
    ({ check, output, continue: goesOn }): Case => ({
      check: check.source === '' ? undefined : parseMapping(check.source),
      output: context.output(output),
      goesOn,
    }),
  );
  const logger = context.logger.child({ path: settings.path });
  return async (delivery) => {
    const { groups, hasUnmatched } = sortOut(delivery, cases, logger);
    if (isStrict && hasUnmatched) {
      delivery.settle(new MessageRejectedError('a message of the batch matches no case of a `switch` with `strict_mode`'));
      return;
    }
    const used = cases.map(({ output }, index) => ({ output, indexes: groups[index]! })).filter(({ indexes }) => indexes.length > 0);
    const parts = partsOf(
      delivery,
      used.map(({ indexes }) => pick(delivery, indexes)),
    );
    for (const [index, part] of parts.entries()) await used[index]!.output(part);
  };
};

/** The indexes of the messages of each case. */
function sortOut({ messages }: Delivery, cases: readonly Case[], logger: ComponentContext['logger']) {
  const groups = cases.map((): number[] => []);
  let hasUnmatched = false;
  for (const index of messages.keys()) {
    let isMatched = false;
    for (const [place, { check, goesOn }] of cases.entries()) {
      if (check && !passes(check, messages, index, place, logger)) continue;
      isMatched = true;
      groups[place]!.push(index);
      if (!goesOn) break;
    }
    hasUnmatched ||= !isMatched;
  }
  return { groups, hasUnmatched };
}

function passes(check: Mapping, messages: Delivery['messages'], index: number, place: number, logger: ComponentContext['logger']): boolean {
  try {
    return check.check(messages, index);
  } catch (error) {
    if (!(error instanceof BloblangError)) throw error;
    logger.error('check of a case failed, and counts as not passed', { case: place, reason: error.message });
    return false;
  }
}

import { silentLogger, systemClock } from '@sluice/core';
import { compileProcessors, type ProcessorChain } from '@sluice/processors';

const POSITION = { file: 'test.yaml', line: 1, column: 1 };

type Step = string | { readonly type: string; readonly options: Record<string, unknown> };

/** Processors as a configuration would have them; a text is a mapping. */
export const chainOf = (...steps: Step[]): ProcessorChain => compile(steps, false);

/** The same where failed records are refused. */
export const refusingChainOf = (...steps: Step[]): ProcessorChain => compile(steps, true);

const compile = (steps: readonly Step[], refusesFailed: boolean): ProcessorChain =>
  compileProcessors(
    steps.map((step, index) => ({
      ...(typeof step === 'string' ? { type: 'mapping', options: { mapping: { source: step, position: POSITION } } } : step),
      label: undefined,
      path: `root.${index}`,
      position: POSITION,
    })),
    { logger: silentLogger, clock: systemClock, refusesFailed },
  );

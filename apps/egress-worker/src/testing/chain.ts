import { silentLogger, systemClock } from '@sluice/core';
import { compileProcessors, type ProcessorChain } from '@sluice/processors';

const POSITION = { file: 'test.yaml', line: 1, column: 1 };

/** Processors as a configuration would have them; a text is a mapping. */
export const chainOf = (...steps: Array<string | { type: string; options: Record<string, unknown> }>): ProcessorChain =>
  compileProcessors(
    steps.map((step, index) => ({
      ...(typeof step === 'string' ? { type: 'mapping', options: { mapping: { source: step, position: POSITION } } } : step),
      label: undefined,
      path: `root.${index}`,
      position: POSITION,
    })),
    { logger: silentLogger, clock: systemClock, refusesFailed: false },
  );

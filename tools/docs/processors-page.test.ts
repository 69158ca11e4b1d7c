import { describe, expect, it } from 'vitest';
import { runProcessorsCase } from '../conformance/processors-case.ts';
import { PROCESSOR_EXAMPLES } from './processor-examples.ts';
import { processorsPage } from './processors-page.ts';

describe('the reference of processors', () => {
  it('has an example of each processor', () => {
    expect(processorsPage().match(/^## `(\w+)`$/gm)).toHaveLength(Object.keys(PROCESSOR_EXAMPLES).length);
  });

  it.each(Object.entries(PROCESSOR_EXAMPLES))('shows what %s does', async (processor, { config, input, output }) => {
    const outcome = await runProcessorsCase({
      id: processor,
      processor,
      config,
      batches: [input.map((content) => ({ content }))],
      expect: { batches: [] },
    });
    expect(outcome.refused ?? outcome.unsupported).toBeUndefined();
    expect(outcome.batches.map((batch) => batch.map(({ content, error }) => (error === null ? content : [content, error])))).toEqual(
      output,
    );
  });
});

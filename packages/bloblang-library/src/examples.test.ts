import type { Example, ExampleValue, Message } from '@sluice/bloblang';
import { describe, expect, it } from 'vitest';
import { defaultEnvironment } from './default-environment.ts';
import { parseMapping } from './parse.ts';

describe('the examples of the catalogue', () => {
  const definitions = [...defaultEnvironment.functions.values(), ...defaultEnvironment.methods.values()];

  for (const { name, examples } of definitions) {
    examples.forEach((example, place) => {
      it(`${name}, example ${place + 1}: ${example.mapping.split('\n')[0]}`, () => {
        const mapping = parseMapping(example.mapping);
        if (isTested(example)) expect(outcomeOf(mapping.map([messageOf(example.input)], 0))).toEqual(expectedOutcome(example));
      });
    });
  }

  it('leave no function and no method without one', () => {
    expect(definitions.filter(({ examples }) => examples.length === 0).map(({ name }) => name)).toEqual([]);
  });
});

const isTested = ({ output, error, isDropped }: Example): boolean => output !== undefined || error !== undefined || isDropped === true;

const textOf = (value: ExampleValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

const messageOf = (input: ExampleValue = {}): Message => ({ content: Buffer.from(textOf(input)), metadata: {} });

function expectedOutcome({ output, error, isDropped }: Example): unknown {
  if (isDropped === true) return 'dropped';
  return error === undefined ? { output } : { error };
}

function outcomeOf(outcome: ReturnType<ReturnType<typeof parseMapping>['map']>): unknown {
  switch (outcome.kind) {
    case 'dropped':
      return 'dropped';
    case 'failed':
      return { error: outcome.error.message };
    case 'mapped':
      return { output: parsed(Buffer.from(outcome.message.content).toString()) };
  }
}

/** An output that is no document stands for itself. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

import { BloblangParseError, type Message, noImports } from '@sluice/bloblang';
import { SeededRandom } from '@sluice/testkit';
import { BloblangError } from '@sluice/values';
import { describe, expect, it } from 'vitest';
import { defaultEnvironment } from '../default-environment.ts';
import { parseInterpolation, parseMapping } from '../parse.ts';
import { mutate, randomMapping, randomTemplate } from './testing/random-programs.ts';

const SEED = Number(process.env['BLOBLANG_SEED'] ?? 20_261_121);
const PROGRAMS = Number(process.env['BLOBLANG_PROGRAMS'] ?? 1_500);
/** A program of this size that takes longer hangs, or as good as. */
const PATIENCE_MS = 2_000;

const environment = defaultEnvironment.onlyPure();
const callables = { functions: [...environment.functions.values()], methods: [...environment.methods.values()] };
const messages: readonly Message[] = [
  {
    content: Buffer.from('{"a":{"b":[1,2.50,"x",null,true,{"a":1}]},"b":"text","__proto__":{"a":1},"x1":[{"a":"b"},{"a":2}]}'),
    metadata: { a: 'v' },
  },
  { content: Buffer.from('no json'), metadata: {} },
  { content: new Uint8Array(), metadata: {} },
];
const sizes = messages.map(({ content }) => content.length);

describe(`random programs (BLOBLANG_SEED=${SEED})`, () => {
  it('either parse or are refused with a place, and either give a message or fail', () => {
    const random = new SeededRandom(SEED).below;
    let ran = 0;
    for (let program = 0; program < PROGRAMS; program++) {
      const whole = randomMapping(random, callables);
      const source = random(3) === 0 ? mutate(random, whole) : whole;
      if (runs(source, () => runMapping(source))) ran++;
    }
    expect(ran).toBeGreaterThan(PROGRAMS / 5);
    expectUnharmed();
  });

  it('do no harm as interpolated strings either', () => {
    const random = new SeededRandom(SEED + 1).below;
    for (let program = 0; program < PROGRAMS; program++) {
      const whole = randomTemplate(random, callables);
      const source = random(3) === 0 ? mutate(random, whole) : whole;
      runs(source, () => runTemplate(source));
    }
    expectUnharmed();
  });
});

/** Whether a program parsed. Anything it throws but the errors of the language, and any hang, is reported with its source. */
function runs(source: string, run: () => void): boolean {
  const start = process.threadCpuUsage();
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof BloblangParseError)) throw new Error(`escaped from ${JSON.stringify(source)}`, { cause: error });
    expect(error.message).toMatch(/^line \d+ char \d+: ./s);
    return false;
  } finally {
    const { user, system } = process.threadCpuUsage(start);
    const tookMs = (user + system) / 1_000;
    if (tookMs > PATIENCE_MS) expect.fail(`${Math.round(tookMs)} ms for ${JSON.stringify(source)}`);
  }
}

function runMapping(source: string): void {
  const mapping = parseMapping(source, { environment, importer: noImports });
  for (const index of messages.keys()) {
    for (const outcome of [mapping.map(messages, index), mapping.mutate(messages, index)]) {
      if (outcome.kind === 'failed') expect(outcome.error).toBeInstanceOf(BloblangError);
      if (outcome.kind === 'mapped') expect(outcome.message.content).toBeInstanceOf(Uint8Array);
    }
  }
}

function runTemplate(source: string): void {
  const interpolation = parseInterpolation(source, { environment });
  for (const index of messages.keys()) {
    try {
      expect(typeof interpolation.evaluate(messages, index)).toBe('string');
    } catch (error) {
      if (!(error instanceof BloblangError)) throw error;
    }
  }
}

/** No program got at what all objects share, nor at the messages. */
function expectUnharmed(): void {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as { a?: unknown }).a).toBeUndefined();
  expect(messages[0]!.metadata).toEqual({ a: 'v' });
  expect(messages.map(({ content }) => content.length)).toEqual(sizes);
}

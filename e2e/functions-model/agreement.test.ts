import { randomFor, SeededRandom } from '@sluice/testkit';
import { describe, expect, it } from 'vitest';
import { MemoryRuntime, type Mistake } from './memory-runtime.ts';
import { compareOutcome } from './outcome.ts';
import { Program } from './program.ts';

describe('the model', () => {
  it('finds nothing wrong with a runtime that makes no mistakes', () => {
    expect(run(randomFor('functions model'), 'none')).toEqual([]);
  });

  it.each<Mistake>([
    'a message is lost',
    'a message is doubled',
    'a message is overtaken',
    'a timer is early',
    'a timer is lost',
    'a timer is doubled',
    'a cancellation is lost',
    'empty is taken for absent',
    'state is lost',
    'egress is doubled',
    'tokens are kept by type',
  ])('notices when %s', (mistake) => {
    expect(run(new SeededRandom(7), mistake)).not.toEqual([]);
  });
});

function run(random: SeededRandom, mistake: Mistake): string[] {
  const program = new Program(random, 20);
  const runtime = new MemoryRuntime(random, mistake);
  for (const { id, command } of [...program.next(2_000), ...program.end()]) runtime.command(id, command);
  return compareOutcome(program, runtime.finish());
}

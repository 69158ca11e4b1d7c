import { sleep } from '@sluice/core';
import type { SeededRandom } from '@sluice/testkit';
import type { ProcessClock } from './process-clock.ts';

/** The way between a process and what it calls. */
export interface Network {
  readonly clock: ProcessClock;
  readonly random: SeededRandom;
}

const LONGEST_MS = 400;

/** Half a call's way. Takes as long as the process stands still, and for ever where it has died. */
export async function travel({ clock, random }: Network): Promise<void> {
  await clock.running();
  if (random.chance(0.2)) await sleep(clock, random.below(LONGEST_MS));
  await clock.running();
}

/**
 * A port whose calls and answers take their time, during which the process may stand still or die: then what it called happened, or did not.
 * @param repeated of which some are carried out twice, as where the first answer was lost
 */
export function remote<Port extends object>(port: Port, network: Network, methods: readonly string[], repeated: readonly string[]): Port {
  return new Proxy(port, {
    get(target, name: string) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value.bind(target) as (...args: readonly unknown[]) => Promise<unknown>;
      if (!methods.includes(name)) return call;
      return async (...args: readonly unknown[]) => {
        await travel(network);
        const answer = call(...args);
        const again = repeated.includes(name) && network.random.chance(0.05) ? answer.then(() => call(...args)) : answer;
        const settled = await again.then(
          (result) => () => result,
          (error) => () => {
            throw error;
          },
        );
        await travel(network);
        return settled();
      };
    },
  });
}

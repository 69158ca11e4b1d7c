import type { Clock } from '@sluice/core';
import type { RateLimit } from '@sluice/processors';
import type { ResourceOptions } from './resource-settings.ts';

/** `local`: `count` places in each interval, which begins with the first place taken after the last one. For this process alone. */
export function localRateLimit({ count, interval }: ResourceOptions, clock: Clock): RateLimit {
  const [places, intervalMs] = [count as number, interval as number];
  let left = places;
  let beganMs = clock.monotonic();
  return {
    access: () => {
      if (left > 0) {
        left--;
        return 0;
      }
      const waitMs = beganMs + intervalMs - clock.monotonic();
      if (waitMs > 0) return waitMs;
      left = places - 1;
      beganMs = clock.monotonic();
      return 0;
    },
  };
}

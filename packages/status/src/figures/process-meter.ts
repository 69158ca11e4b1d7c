import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { ProcessReport } from '../worker-report.ts';

export interface ProcessMeter extends Disposable {
  /** Since the last call, `seconds` ago. */
  take(seconds: number): ProcessReport;
}

/** Each look wakes the process, so there are few; a loop that stands still for less is not slow. */
const RESOLUTION_MS = 100;

/** Measures this process. */
export function startProcessMeter(): ProcessMeter {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let before = process.cpuUsage();
  return {
    take(seconds) {
      const { user, system } = process.cpuUsage(before);
      before = process.cpuUsage();
      const { rss, heapUsed } = process.memoryUsage();
      // It counts from one look at the timer to the next, which are that far apart at the best of times.
      const lateMs = delay.percentile(99) / 1e6 - RESOLUTION_MS;
      delay.reset();
      return {
        rssBytes: rss,
        heapUsedBytes: heapUsed,
        cpuShare: (user + system) / 1e6 / seconds,
        eventLoopDelayMs: Math.max(0, Number.isFinite(lateMs) ? lateMs : 0),
      };
    },
    [Symbol.dispose]: () => void delay.disable(),
  };
}

import { readFileSync } from 'node:fs';

/** What a process has used since its start, as Linux accounts it. */
export interface ProcessUsage {
  readonly cpuSeconds: number;
  /** Largest resident memory so far. */
  readonly peakBytes: number;
}

/** `USER_HZ` of every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Reads `/proc`; only on Linux. */
export function usageOf(pid: number): ProcessUsage {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  const peakKiB = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return { cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND, peakBytes: Number(peakKiB) * 1024 };
}

/**
 * To be imported by a worker's main file before everything else: bounds how large V8 lets its new space become.
 *
 * Records in memory are bounded by budgets, but what they leave behind is not: at full speed pages, payloads and request bodies pass through
 * at 100 MB/s, and V8 lets its new space grow to 64 MB and more. Buffers that are garbage wait until it is full, so that their memory grows
 * with it. Half as large as it is bound here, it fills up before the records in hand are written: they are copied twice, become garbage in
 * the old space, and cost a quarter more CPU for hardly less memory. Figures: docs/benchmarks.md.
 *
 * What lives for longer than two collections of the new space, as records in hand do, goes to the old space, and is garbage there soon. V8
 * would let that space grow to several times what lives in it before it looks.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of it. An idle process gives memory back, so that the new space may have to grow again. */
const NEW_SPACE_BYTES = 8 * 1024 * 1024;

/** Until then it does not grow at all: while modules are loaded no observer gets its turn for long. */
const LOADED_AFTER_MS = 1_000;

let mayGrow = false;

function bound(): void {
  const size = getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
  if (size < NEW_SPACE_BYTES === mayGrow) return;
  mayGrow = !mayGrow;
  setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
}

/** By how much the old space may grow beyond what lives in it until it is collected, percent. */
const OLD_SPACE_GROWTH = 40;

setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString(`--heap-growing-percent=${OLD_SPACE_GROWTH}`);
const observer = new PerformanceObserver(bound);
setTimeout(() => observer.observe({ entryTypes: ['gc'] }), LOADED_AFTER_MS).unref();

/**
 * To be imported by a worker's main file before everything else: makes V8 collect earlier than it would by itself.
 *
 * Records in memory are bounded by budgets, but what they leave behind is not: at full speed pages, payloads and request bodies pass through
 * at 100 MB/s, and V8 lets its new space grow to 128 MB, as early as while modules are loaded, and its heap to a multiple of what lives in it.
 * Measured with 1 KiB records at full speed: 225 instead of 330 MiB resident in the ingress-worker, 225 instead of 400 MiB in the egress-worker.
 * It costs CPU: 1.2 times as much in the ingress-worker, 1.45 to 1.8 times in the egress-worker.
 */
import { setFlagsFromString } from 'node:v8';

setFlagsFromString('--semi-space-growth-factor=1');
setFlagsFromString('--heap-growing-percent=60');

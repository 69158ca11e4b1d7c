import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect earlier than it would by itself. Records in hand are bounded by a budget, but what they leave behind is not: at full speed
 * payloads and request bodies pass through at 100 MB/s, and V8 lets its new space grow to 100 MB and its heap to a multiple of what lives in it.
 * Measured with 1 KiB records at 50,000/s and more: 245 MB instead of 400 MB resident, for 12 µs of CPU a record instead of 8.
 */
export function boundHeap(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=20');
}

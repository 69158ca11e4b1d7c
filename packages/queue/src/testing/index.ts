export { describeLaneReceiver, type LaneReceiverHarness, type LaneUnderTest } from './lane-receiver.conformance.ts';
export { MemoryEffects } from './memory-effects.ts';

export { connectTo, ownLane, takeLane } from './fixtures.ts';
export { describeLaneReceiver, type LaneReceiverHarness, type LaneUnderTest } from './lane-receiver.conformance.ts';
export { MemoryEffects } from './memory-effects.ts';
export { resizeQuietLanes } from './resize-quiet-lanes.ts';
export { useRedis } from './use-redis.ts';

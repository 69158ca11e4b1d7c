export { describeLaneReceiver, type LaneReceiverHarness, type LaneUnderTest } from './lane-receiver.conformance.ts';

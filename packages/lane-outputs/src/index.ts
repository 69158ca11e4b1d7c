export { planLaneOutputs } from './plan-lane-outputs.ts';

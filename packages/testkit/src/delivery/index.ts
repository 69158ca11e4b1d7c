export { DeliveryCheck, type DeliveryReport, type SeenRecord } from './delivery-check.ts';
export { oldestArrivals, readBack } from './read-back.ts';

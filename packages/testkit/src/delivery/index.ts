export { DeliveryCheck, type DeliveryReport, type SeenRecord } from './delivery-check.ts';
export { readBack } from './read-back.ts';

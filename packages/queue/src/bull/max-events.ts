/** BullMQ keeps a log of events for each queue. Of a lane's nothing is read but what Bull Board shows. */
export const MAX_EVENTS = 100;

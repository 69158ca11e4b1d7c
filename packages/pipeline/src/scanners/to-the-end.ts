import { collect, messageOf, type Scanner } from './scanner.ts';

/** One message of everything; an empty one of nothing. */
export const toTheEnd: Scanner = async function* (bytes) {
  yield [messageOf(await collect(bytes, 'to_the_end'))];
};

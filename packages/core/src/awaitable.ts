/** Work that may have to wait: what need not wait is done at once, without a promise and without a turn of the event loop. */

/** A value that is there, or will be. */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with a value, at once where it is there. */
export const andThen = <T, U>(value: Awaitable<T>, next: (value: T) => Awaitable<U>): Awaitable<U> =>
  value instanceof Promise ? value.then(next) : next(value);

/** Folds values one after the other. */
export function foldInTurn<T, State>(
  values: readonly T[],
  initial: State,
  step: (state: State, value: T, index: number) => Awaitable<State>,
): Awaitable<State> {
  let state = initial;
  for (let index = 0; index < values.length; index++) {
    const next = step(state, values[index]!, index);
    if (next instanceof Promise) return foldOn(values, index + 1, next, step);
    state = next;
  }
  return state;
}

async function foldOn<T, State>(
  values: readonly T[],
  from: number,
  first: Promise<State>,
  step: (state: State, value: T, index: number) => Awaitable<State>,
): Promise<State> {
  let state = await first;
  for (let index = from; index < values.length; index++) state = await step(state, values[index]!, index);
  return state;
}

/** Results of all values, in their order, with at most `atOnce` of them under way. Rejects with the first failure. */
export function mapAwaiting<T, U>(values: readonly T[], work: (value: T, index: number) => Awaitable<U>, atOnce = 1): Awaitable<U[]> {
  const results: U[] = new Array(values.length);
  const waiting: Promise<void>[] = [];
  let next = 0;
  const goOn = async (index: number, first: Promise<U>): Promise<void> => {
    results[index] = await first;
    while (next < values.length) {
      const at = next++;
      results[at] = await work(values[at]!, at);
    }
  };
  while (next < values.length && waiting.length < atOnce) {
    const index = next++;
    const result = work(values[index]!, index);
    if (result instanceof Promise) waiting.push(goOn(index, result));
    else results[index] = result;
  }
  return waiting.length === 0 ? results : Promise.all(waiting).then(() => results);
}

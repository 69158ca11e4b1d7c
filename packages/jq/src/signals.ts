import { JqError } from './errors.ts';

/** Ends what runs below a label. */
export class BreakSignal {
  readonly label: object;

  constructor(label: object) {
    this.label = label;
  }
}

/** What a reader of results threw: not a failure of those who made them. */
class ReaderFailure {
  readonly owner: object;
  readonly error: unknown;

  constructor(owner: object, error: unknown) {
    this.owner = owner;
    this.error = error;
  }
}

/** Runs `work`, whose failures go to `handle`; not those of `emit`, which it wraps. */
export function guarded<Args extends unknown[]>(
  emit: (...args: Args) => void,
  work: (emit: (...args: Args) => void) => void,
  handle: (error: JqError) => void,
): void {
  const owner = {};
  try {
    work((...args) => {
      try {
        emit(...args);
      } catch (error) {
        throw new ReaderFailure(owner, error);
      }
    });
  } catch (error) {
    if (error instanceof ReaderFailure && error.owner === owner) throw error.error;
    if (!(error instanceof JqError) || error instanceof HaltError) throw error;
    handle(error);
  }
}

/** `halt` and `halt_error`, which nothing catches. */
export class HaltError extends JqError {}

/** Runs `work` until it calls `stop`. */
export function stoppable(work: (stop: () => never) => void): void {
  const signal = new BreakSignal({});
  try {
    work(() => {
      throw signal;
    });
  } catch (error) {
    if (error !== signal) throw error;
  }
}

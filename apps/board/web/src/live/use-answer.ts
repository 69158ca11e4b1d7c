import { useEffect, useState } from 'preact/hooks';
import { get } from '../api/client.ts';
import { pause, untilSeen } from './live.ts';

export interface Answer<T> {
  /** The last one, also while newer questions fail. */
  readonly value: T | undefined;
  readonly error: Error | undefined;
  readonly reload: () => void;
}

const EVERY_MS = 2_000;

/** Asks the board now and again while the page is looked at. @param everyMs 0 asks once */
export function useAnswer<T>(path: string, everyMs = EVERY_MS): Answer<T> {
  const [state, setState] = useState<{ path: string; value?: T; error?: Error }>({ path });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    const follow = async () => {
      while (!abort.signal.aborted) {
        await untilSeen();
        const next = await get<T>(path, abort.signal).then(
          (value) => ({ path, value }),
          (error: Error) => ({ path, error }),
        );
        if (abort.signal.aborted) return;
        setState(
          (before) =>
            (before.path === path ? { ...before, error: undefined, ...next } : next) as { path: string; value?: T; error?: Error },
        );
        if (everyMs === 0) return;
        await pause(everyMs);
      }
    };
    void follow();
    return () => abort.abort();
  }, [path, everyMs, round]);
  const current = state.path === path ? state : { path };
  return { value: current.value, error: current.error, reload: () => setRound((count) => count + 1) };
}

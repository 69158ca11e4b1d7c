/**
 * While `sluice run` loads its code and its configuration nothing runs that would have to be stopped: a signal that asks it to stop ends the
 * process at once, with 0 and a line that says so.
 */
const STOPPING = ['SIGTERM', 'SIGINT'] as const;

type Listening = Pick<NodeJS.Process, 'on' | 'off'>;

export interface LoadingSignalsOptions {
  readonly process: Listening;
  readonly tell: (line: string) => void;
  readonly exit: (code: number) => void;
}

/** Whoever takes the signals over calls what this answers. */
export function endOnSignalsWhileLoading({ process, tell, exit }: LoadingSignalsOptions): () => void {
  const end = (signal: NodeJS.Signals) => {
    tell(`stopped by ${signal} while loading; nothing was started`);
    exit(0);
  };
  // What is being loaded is up to date.
  const ignore = () => undefined;
  for (const signal of STOPPING) process.on(signal, end);
  process.on('SIGHUP', ignore);
  return () => {
    for (const signal of STOPPING) process.off(signal, end);
    process.off('SIGHUP', ignore);
  };
}

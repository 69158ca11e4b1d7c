export interface Ended {
  /** The exit code, or `null` after a signal. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that goes on until it is stopped. */
export interface Running {
  /** Runs the health check of the image beside it. */
  health(): Promise<Ended>;
  /** SIGTERM, and SIGKILL after the grace period of 10 s. Resolves with the exit code: 137 or `null` after SIGKILL. */
  stop(): Promise<number | null>;
}

/** What the Dockerfile makes, as a user has it. All of it shares the network of this machine. */
export interface Installation extends AsyncDisposable {
  /** How it was tested, for people to read. */
  readonly kind: string;
  /** The folder of the example configuration, as the programs see it. */
  readonly config: string;
  /** `sluice ARGS` to its end. */
  sluice(args: readonly string[], env: Record<string, string>): Promise<Ended>;
  /** Node with the installation as its working directory. */
  node(args: readonly string[]): Promise<Ended>;
  start(args: readonly string[], env: Record<string, string>): Promise<Running>;
}

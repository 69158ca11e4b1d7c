import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface BenthosRun {
  /** The binary. */
  readonly benthos: string;
  /** For its configuration. */
  readonly directory: string;
  readonly input: object;
  /** In one thread, as a batch is processed by us. */
  readonly processors?: readonly object[];
  readonly output: object;
}

/** Runs Benthos until its input ends; answers the seconds of processor time that it took from its start to its end. */
export async function cpuSecondsOf({ benthos, directory, input, processors = [], output }: BenthosRun): Promise<number> {
  const config = join(directory, 'peer.yaml');
  const pipeline = { threads: 1, processors };
  await writeFile(config, JSON.stringify({ http: { enabled: false }, logger: { level: 'WARN' }, input, pipeline, output }));
  const script = 'TIMEFORMAT="cpu %U %S"; time "$0" -c "$1"';
  const { stderr } = await run('bash', ['-c', script, benthos, config], { maxBuffer: 16 * 1024 ** 2 });
  const [, user, system] = /^cpu (\S+) (\S+)$/m.exec(stderr) ?? [];
  if (user === undefined) throw new Error(`expected the times of ${benthos}, got: ${stderr.slice(-500)}`);
  return Number(user) + Number(system);
}

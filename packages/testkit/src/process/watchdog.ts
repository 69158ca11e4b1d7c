/**
 * What a process starts ends with it, however it ends. `exit` handlers do not run when a process is killed, so a watchdog beside it keeps
 * the list of its children: a shell that reads the list from a pipe. The kernel closes the pipe when the process ends, and the shell then
 * kills whatever is still listed, stopped processes included. It has a session of its own, so that a Ctrl-C or a kill of the whole process
 * group does not reach it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';

const SCRIPT = `
while read -r change pid; do
  case $change in
    watch) pids="$pids $pid " ;;
    unwatch) case $pids in *" $pid "*) pids="\${pids%% $pid *} \${pids#* $pid }" ;; esac ;;
  esac
done
for pid in $pids; do kill -9 "$pid" 2>/dev/null; done
`;

let watchdog: Writable | undefined;

/** Kills `child` when this process ends before it, also where this process is itself killed. */
export function endWithThisProcess(child: ChildProcess): void {
  const { pid } = child;
  if (pid === undefined) return;
  watchdog ??= startWatchdog();
  watchdog.write(`watch ${pid}\n`);
  child.once('exit', () => watchdog?.write(`unwatch ${pid}\n`));
}

function startWatchdog(): Writable {
  const shell = spawn('/bin/sh', ['-c', SCRIPT], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  const { stdin } = shell;
  const isGone = () => {
    if (watchdog === stdin) watchdog = undefined;
  };
  shell.once('exit', isGone).once('error', isGone);
  stdin.on('error', isGone);
  // It must not keep the process that it watches alive.
  shell.unref();
  (stdin as unknown as { unref(): void }).unref();
  return stdin;
}

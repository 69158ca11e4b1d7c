/**
 * The health check of a container: asks every program of Sluice that runs in it for `/ready`. Ends with 0 when at least one answers and all
 * that answer are ready. Finds them on their default ports, or on those of SLUICE_PORTS_…; where a configuration file names others, name
 * them in the environment instead.
 */
const DEFAULT_PORTS = { INGRESS_WORKER: 4196, EGRESS_WORKER: 4195, FUNCTION_WORKER: 4197, BOARD: 3000 };
const TIMEOUT_MS = 8_000;

const ports = Object.entries(DEFAULT_PORTS).map(([name, port]) => process.env[`SLUICE_PORTS_${name}`] || port);
const answers = await Promise.all(ports.map(ask));
const found = answers.filter((answer) => answer !== undefined);
process.stdout.write(found.length === 0 ? `no program answers on ${ports.join(', ')}\n` : found.map(({ text }) => `${text}\n`).join(''));
process.exitCode = found.length > 0 && found.every(({ isReady }) => isReady) ? 0 : 1;

async function ask(port) {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/ready`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return { isReady: answer.ok, text: `${port}: ${await answer.text()}` };
  } catch (error) {
    return error.name === 'TimeoutError' ? { isReady: false, text: `${port}: no answer within ${TIMEOUT_MS} ms` } : undefined;
  }
}

/** The HTTP server and the empty folder that recorded cases of processors name `STUB` and `/DIR`. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HttpStub } from './http-stub.ts';
import { type Outcome, type ProcessorsCase, runProcessorsCase } from './processors-case.ts';

/** Runs a case with what it needs; its outcome names that as the case does. */
export async function runSurrounded(testCase: ProcessorsCase): Promise<Outcome> {
  const { config } = testCase;
  if (!config.includes('STUB') && !config.includes('/DIR')) return runProcessorsCase(testCase);
  const stub = await HttpStub.start();
  const directory = await mkdtemp(join(tmpdir(), 'sluice-case-'));
  try {
    const placed = config.replaceAll('STUB', stub.host).replaceAll('/DIR', directory);
    const outcome = await runProcessorsCase({ ...testCase, config: placed });
    const { requests } = stub;
    const told = JSON.stringify({ ...outcome, ...(requests.length > 0 && { requests }) });
    return JSON.parse(told.replaceAll(stub.host, 'STUB').replaceAll(directory, '/DIR')) as Outcome;
  } finally {
    await stub[Symbol.asyncDispose]();
    await rm(directory, { recursive: true, force: true });
  }
}

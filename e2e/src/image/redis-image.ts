import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasImage } from './engine.ts';
import { mustRun } from './run-program.ts';

const OFFICIAL = 'redis:7-bookworm';
const OWN = 'sluice-e2e-redis';

/** The official image, or where it cannot be had, Debian's Redis on the base image of ours. */
export async function redisImage(): Promise<string> {
  if (await hasImage(OFFICIAL)) return OFFICIAL;
  const folder = await mkdtemp(join(tmpdir(), 'redis-image-'));
  const steps = 'FROM debian:bookworm-slim\nRUN apt-get update && apt-get install -y --no-install-recommends redis-server\nWORKDIR /data\n';
  await writeFile(join(folder, 'Dockerfile'), steps);
  await mustRun('docker', ['build', '--quiet', '--tag', OWN, folder]);
  await rm(folder, { recursive: true });
  return OWN;
}

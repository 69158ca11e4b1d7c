import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announceInstallation, findInstallation, type LocalInstallation } from './local-installation.ts';

let folder: string;
let env: NodeJS.ProcessEnv;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-state-'));
  env = { XDG_STATE_HOME: folder };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const installation = (pid: number): LocalInstallation => ({
  pid,
  env: { SLUICE_REDIS_URL: 'redis://127.0.0.1:6400' },
  configArguments: ['--config', 'a.yaml'],
});

describe('LocalInstallation', () => {
  it('is found while it is announced', () => {
    const announced = announceInstallation(installation(process.pid), env);
    expect(findInstallation(env)).toEqual(installation(process.pid));

    announced[Symbol.dispose]();
    expect(findInstallation(env)).toBeUndefined();
  });

  it('does not count once its process has ended', () => {
    // Linux and macOS give out no process id as high as this.
    announceInstallation(installation(2 ** 30), env);
    expect(findInstallation(env)).toBeUndefined();
  });

  it('stays known when an older one ends', () => {
    const older = announceInstallation({ ...installation(process.pid), pid: 2 ** 30 }, env);
    announceInstallation(installation(process.pid), env);
    older[Symbol.dispose]();
    expect(findInstallation(env)?.pid).toBe(process.pid);
  });

  it('is found again when a newer one ends', () => {
    announceInstallation(installation(process.ppid), env);
    const newer = announceInstallation(installation(process.pid), env);
    newer[Symbol.dispose]();
    expect(findInstallation(env)?.pid).toBe(process.ppid);
  });

  it('is not found in a damaged file', () => {
    announceInstallation(installation(process.pid), env);
    writeFileSync(join(folder, 'sluice', 'up.json'), '{"pid":');
    expect(findInstallation(env)).toBeUndefined();
  });
});

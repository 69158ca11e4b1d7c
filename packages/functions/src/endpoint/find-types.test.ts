import { compileConfig } from '@sluice/config';
import { silentLogger } from '@sluice/core';
import { ManualClock } from '@sluice/core/testing';
import { describe, expect, it } from 'vitest';
import { settled } from '../testing/lane-rig.ts';
import { findTypes } from './find-types.ts';

const MODULE = `
kind: io.statefun.kinesis.v1/ingress
spec: { id: ns/in, streams: [{ stream: s, valueType: ns/t, targets: [ns/routed, ns/exact] }] }
---
kind: io.statefun.endpoints.v2/http
spec: { functions: ns/*, urlPathTemplate: "http://h/{function.name}" }
---
kind: io.statefun.endpoints.v2/http
spec: { functions: ns/exact, urlPathTemplate: "http://h/exact" }
---
kind: io.statefun.kinesis.v1/egress
spec: { id: ns/out }
`;

describe('findTypes', () => {
  it('names what ingresses route to and what has lanes: each once, no egress, and nothing that another endpoint serves', async () => {
    const found = await search('ns/*', [
      ['ns/new', 'ns/out', 'ns/exact', 'other/f', 'output/x'],
      ['ns/new', 'ns/later'],
    ]);
    expect(found).toEqual(['ns/routed', 'ns/new', 'ns/later']);
  });

  it('names the type of an exact endpoint, and does not look for more', async () => {
    expect(await search('ns/exact', [])).toEqual(['ns/exact']);
  });
});

async function search(endpointId: string, tables: string[][]): Promise<string[]> {
  const { config } = compileConfig([{ name: 'module.yaml', text: MODULE }], { env: {} });
  const endpoint = config.endpoints.find(({ id }) => id === endpointId)!;
  const clock = new ManualClock();
  const stop = new AbortController();
  const found: string[] = [];
  const listTargets = async () => {
    const table = tables.shift();
    if (!table) throw new Error('redis is away');
    return table.map((target) => ({ target }));
  };
  const finding = findTypes({ config, endpoint, listTargets, clock, logger: silentLogger }, (type) => found.push(type), stop.signal);
  for (let look = 0; look < 3; look++) {
    await settled();
    clock.advance(1_000);
  }
  stop.abort();
  await finding;
  return found;
}

import { compileConfig } from '@sluice/config';
import { describe, expect, it } from 'vitest';
import { changedSettings } from './changed-settings.ts';

const settingsOf = (text: string) => compileConfig([{ name: 'sluice.yaml', text: `sluice: ${text}` }], { env: {} }).config.settings;
const names = (text: string) => changedSettings(settingsOf('{}'), settingsOf(text));

describe('changedSettings', () => {
  it.each([
    ['{ redis: { url: "redis://h", username: u, password: p, cluster: ["a:1"], prefix: p, connect_timeout: 1s, allow_volatile: true } }'],
    ['{ redis: { tls: { enabled: true, ca_file: f, cert_file: f, key_file: f, server_name: n, skip_verify: true } } }'],
    ['{ lanes: 1, ordering: none, aggregation: "on", host: "::", watcher: true }'],
    ['{ backpressure: { high_water_bytes: 9GiB, low_water_bytes: 1, high_water_records: 3000000, low_water_records: 1 } }'],
    ['{ lease: { ttl: 9s, renew: 2s } }'],
    ['{ ports: { board: 1, ingress_worker: 1, egress_worker: 1, function_worker: 1 } }'],
    ['{ log: { level: warn, format: json } }'],
    ['{ shutdown: { delay: 1s, timeout: 1s } }'],
    ['{ functions: { max_in_flight: 1, on_failure: dead_letter, origin_headers: true } }'],
  ])('names what %s sets as the user does', (text) => {
    expect(names(text).toSorted()).toEqual(pathsIn(text).toSorted());
  });

  it('keeps the names of egresses and functions', () => {
    expect(names('{ egresses: { "output/out.a": { lanes: 3 } }, functions: { types: { ns/Fn: { on_failure: park } } } }')).toEqual([
      'functions.types.ns/Fn',
      'egresses.output/out.a',
    ]);
  });
});

/** Every leaf of a flow mapping, by its path. */
function pathsIn(text: string): string[] {
  const path: string[] = [];
  const paths: string[] = [];
  for (const [, name, open, close] of text.slice(1, -1).matchAll(/(\w+): (\{)?|(\})/g)) {
    if (close) path.pop();
    else if (open) path.push(name!);
    else paths.push([...path, name].join('.'));
  }
  return paths;
}

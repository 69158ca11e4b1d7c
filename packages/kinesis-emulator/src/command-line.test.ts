import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { CHAOS } from './faults/chaos.ts';

describe('parseCommandLine', () => {
  it('has a port of its own and leaves the rest to the defaults', () => {
    expect(parseCommandLine([])).toEqual({ port: 4567, streams: {} });
  });

  it('takes every option', () => {
    const text =
      '--port 0 --host 0.0.0.0 --stream orders:4 --stream clicks:1 --region eu-central-1 --account 123456789012 --data records --no-quotas --state-delay-ms 500 ' +
      '--iterator-expiry-ms 1000 --on-demand-growth-ms 2000 --memory-cap-mib 64 --max-connections 5 --access-key good --seed 7 --faults {"*":{"errorRate":0.1}}';

    expect(parseCommandLine(text.split(' '))).toEqual({
      port: 0,
      host: '0.0.0.0',
      streams: { orders: 4, clicks: 1 },
      region: 'eu-central-1',
      accountId: '123456789012',
      dataFile: 'records',
      quotas: false,
      stateDelayMs: 500,
      iteratorExpiryMs: 1_000,
      onDemandGrowthMs: 2_000,
      memoryCapBytes: 64 * 1024 * 1024,
      maxConnections: 5,
      acceptedAccessKeyIds: ['good'],
      seed: 7,
      faults: { '*': { errorRate: 0.1 } },
    });
  });

  it('takes chaos for a set of faults', () => {
    expect(parseCommandLine(['--chaos', '--seed', '1'])).toEqual({ port: 4567, streams: {}, seed: 1, faults: CHAOS });
  });

  it('asks for help', () => {
    expect(parseCommandLine(['--help'])).toBe('help');
  });

  it.each([
    ['--port 70000', '--port 70000: expected a whole number up to 65535'],
    ['--stream orders', '--stream orders: expected name:shards, such as orders:4'],
    ['--stream orders:0', '--stream orders:0: expected name:shards, such as orders:4'],
    ['--account 12', '--account 12: expected 12 digits'],
    ['--faults {', "--faults: Expected property name or '}' in JSON at position 1"],
    ['--faults {"*":{"errorRate":9}}', '--faults: *.errorRate: expected a number from 0 to 1'],
    ['--tls-cert cert.pem', '--tls-cert and --tls-key: expected both or none'],
    ['--tls-cert /nowhere/cert.pem --tls-key /nowhere/key.pem', '--tls-cert, --tls-key: ENOENT'],
    ['--chaos --faults {}', '--chaos and --faults: give one of them; --chaos is a set of faults itself'],
    ['--quota', "Unknown option '--quota'"],
  ])('refuses %s', (text, message) => {
    expect(() => parseCommandLine(text.split(' '))).toThrow(message);
  });
});

import { randomInt } from 'node:crypto';
import { silentLogger } from '@sluice/core';
import { Dispatcher, type RequestObservation } from './dispatcher.ts';
import type { Subscription } from './fan-out/subscription.ts';
import { FaultInjector } from './faults/fault-injector.ts';
import type { FaultSettings } from './faults/fault-settings.ts';
import type { ServerCertificate } from './http/certificate.ts';
import { Listener } from './http/listener.ts';
import { createRequestHandler } from './http/request-handler.ts';
import { HEARTBEAT_MS, ITERATOR_EXPIRY_MS, SUBSCRIBE_INTERVAL_MS, SUBSCRIPTION_LIFETIME_MS, TAKE_OVER_AFTER_MS } from './limits.ts';
import { DataFile } from './persistence/data-file.ts';
import { Account, type AccountOptions } from './store/account.ts';
import { type StoredRecord, storedRecords } from './store/stored-records.ts';

export interface KinesisEmulatorOptions extends AccountOptions {
  /** @default '127.0.0.1' */
  readonly host?: string;
  /** 0 takes a free one. @default 0 */
  readonly port?: number;
  /** Keeps streams and records in this file, so that they outlive the process; one emulator at a time. @default in memory alone */
  readonly dataFile?: string;
  /** Streams that are made at the start unless they are there: name to number of shards. */
  readonly streams?: Readonly<Record<string, number>>;
  /** How long a shard iterator can be used, in milliseconds. @default 300000 */
  readonly iteratorExpiryMs?: number;
  /** How long a subscription to a shard lasts, in milliseconds. @default 300000 */
  readonly subscriptionLifetimeMs?: number;
  /** A subscription that is younger cannot be taken over, in milliseconds. @default 5000 */
  readonly takeOverAfterMs?: number;
  /** A subscription sends an empty event after so long a silence, in milliseconds. @default 5000 */
  readonly heartbeatMs?: number;
  /** Every other access key is answered with `UnrecognizedClientException`. @default every key is accepted */
  readonly acceptedAccessKeyIds?: readonly string[];
  /** Serves HTTPS with this certificate and key, in PEM; see {@link selfSignedCertificate}. @default plain HTTP */
  readonly tls?: ServerCertificate;
  /** More connections than these are refused. @default 4096 */
  readonly maxConnections?: number;
  /** How long a client may take to send the head of a request, in milliseconds. @default 10000 */
  readonly headTimeoutMs?: number;
  readonly faults?: FaultSettings;
  /** Determines the faults. @default random; see `faults.seed` */
  readonly seed?: number;
  /** Told of each API request when it was carried out. */
  readonly onRequest?: (observation: RequestObservation) => void;
}

const MAX_CONNECTIONS = 4_096;
const HEAD_TIMEOUT_MS = 10_000;

/** A running emulator. Disposing closes the endpoint; records stay in the data file alone. */
export interface KinesisEmulator extends AsyncDisposable {
  /** For the SDK's `endpoint`; stays the same through a pause. */
  readonly endpoint: string;
  readonly host: string;
  readonly port: number;
  /** The streams themselves, for tests that look or write past HTTP. */
  readonly account: Account;
  readonly faults: FaultInjector;
  /** Every record of a stream, shard by shard, oldest first; past HTTP, quotas and faults. */
  records(streamName: string): StoredRecord[];
  /** The subscriptions to shards of a stream that are open. */
  subscriptions(streamName: string): Subscription[];
  /** API requests held back by an injected latency, before or after they are carried out, or to be carried out late. */
  readonly requestsUnderWay: number;
  /** The endpoint goes away: connections are cut, new ones refused. Streams, records and iterators stay. */
  pause(): Promise<void>;
  /** The endpoint comes back, at the same port. */
  resume(): Promise<void>;
}

/**
 * Starts a local Kinesis in this process.
 * @throws {AddressNotAvailableError} it cannot listen at the host and port
 */
export async function startKinesisEmulator(options: KinesisEmulatorOptions = {}): Promise<KinesisEmulator> {
  const { host = '127.0.0.1', port = 0, tls: certificate, maxConnections = MAX_CONNECTIONS, headTimeoutMs = HEAD_TIMEOUT_MS } = options;
  const { acceptedAccessKeyIds, onRequest } = options;
  const account = new Account(options);
  const dataFile = options.dataFile === undefined ? undefined : DataFile.open(options.dataFile, account, options.logger ?? silentLogger);
  const existing = new Set(account.streams().map(({ name }) => name));
  for (const [name, shardCount] of Object.entries(options.streams ?? {}))
    if (!existing.has(name)) account.createStream({ name, shardCount });
  const faults = new FaultInjector(options.faults ?? {}, options.seed ?? randomInt(2 ** 32));
  const { iteratorExpiryMs = ITERATOR_EXPIRY_MS, logger = silentLogger } = options;
  const subscriptions = subscriptionSettings(options);
  const dispatcher = new Dispatcher({ account, faults, iteratorExpiryMs, subscriptions, logger, onRequest });
  let pauseTimer: unknown;
  const report = (error: unknown) => logger.error('endpoint did not change', { error: String(error) });
  const pauseFor = (forMs: number) => {
    // On the next turn, so that the reply to who asked for the pause is out.
    setImmediate(() => void listener.close().catch(report));
    account.clock.clearTimeout(pauseTimer);
    pauseTimer = account.clock.setTimeout(() => void listener.open().catch(report), forMs);
  };
  const handler = createRequestHandler({
    dispatcher,
    controls: { account, faults, pauseFor },
    acceptedAccessKeyIds: acceptedAccessKeyIds ? new Set(acceptedAccessKeyIds) : undefined,
  });
  const listener = new Listener({ host, port, certificate, maxConnections, headTimeoutMs }, handler);
  await listener.open();
  return {
    endpoint: `${certificate ? 'https' : 'http'}://${host}:${listener.port}`,
    host,
    port: listener.port,
    account,
    faults,
    records: (streamName) => [...storedRecords(account.stream(streamName))],
    subscriptions: (streamName) => account.stream(streamName).consumers.all.flatMap((consumer) => [...consumer.subscriptions]),
    get requestsUnderWay() {
      return dispatcher.underWay;
    },
    pause: () => listener.close(),
    resume: () => listener.open(),
    async [Symbol.asyncDispose]() {
      account.clock.clearTimeout(pauseTimer);
      dispatcher.close();
      await listener.close();
      dataFile?.[Symbol.dispose]();
      for (const stream of account.streams()) stream.clear();
    },
  };
}

function subscriptionSettings(options: KinesisEmulatorOptions) {
  const { subscriptionLifetimeMs: lifetimeMs = SUBSCRIPTION_LIFETIME_MS, takeOverAfterMs = TAKE_OVER_AFTER_MS } = options;
  const { heartbeatMs = HEARTBEAT_MS, quotas = true } = options;
  return { lifetimeMs, takeOverAfterMs, heartbeatMs, callIntervalMs: quotas ? SUBSCRIBE_INTERVAL_MS : 0 };
}

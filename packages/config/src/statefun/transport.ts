/** How functions are called: the transports of an endpoint. */

import { badTypeName, parseTypeName, type TypeName } from '@sluice/function-protocol/type-name';
import type { EndpointTransport } from '../model/endpoint.ts';
import { didYouMean } from '../schema/suggest.ts';
import { describeNode, ScalarNode } from '../yaml/node.ts';
import { parseFlinkDuration } from './flink-duration.ts';
import { asText, SpecFault, type SpecReader } from './spec-reader.ts';

export const OKHTTP = 'io.statefun.transports.v1/okhttp';
const ASYNC = 'io.statefun.transports.v1/async';

/** `transport` of an endpoint; asynchronous where there is none. */
export function compileTransport(transport: SpecReader | undefined, spec: SpecReader): EndpointTransport {
  const type = transport?.get('type');
  const name: TypeName | undefined = type ? parseTypeName(asText(type)) : undefined;
  if (type && !name) throw new SpecFault('field.value', type.position, badTypeName(asText(type)));
  const kind = name ? `${name.namespace}/${name.name}` : ASYNC;
  if (kind === ASYNC) return transport ? whenStarted(spec, () => compileAsync(transport), defaultAsync) : defaultAsync;
  if (kind === OKHTTP) {
    transport?.warnAboutUnknown(['type', 'timeouts'], didYouMean);
    return whenStarted(spec, () => compileOkHttp(transport!), defaultOkHttp);
  }
  throw new SpecFault(
    'component.unknown',
    type!.position,
    `unknown transport \`${kind}\`${didYouMean(kind, [ASYNC, OKHTTP])}; there are \`${ASYNC}\` and \`${OKHTTP}\``,
  );
}

/** The older kind of endpoint has `timeouts` alone. */
export const compileOlderTransport = (spec: SpecReader): EndpointTransport => whenStarted(spec, () => compileOkHttp(spec), defaultOkHttp);

/** The original reads a transport's properties at the first call, so a bad one does not keep it from accepting the module. */
function whenStarted(spec: SpecReader, compile: () => EndpointTransport, otherwise: EndpointTransport): EndpointTransport {
  try {
    return compile();
  } catch (fault) {
    if (!(fault instanceof SpecFault)) throw fault;
    spec.log.error('connector.invalid-value', fault.position, fault.message);
    return otherwise;
  }
}

/** A duration; the original finds a bad one only when the first function is called. */
function readDuration(spec: SpecReader, name: string, otherwise: number): number {
  const value = spec.get(name);
  if (!value) return otherwise;
  const milliseconds = value instanceof ScalarNode ? parseFlinkDuration(value.text) : undefined;
  if (milliseconds !== undefined) return milliseconds;
  spec.log.error(
    'connector.invalid-value',
    value.position,
    `\`${name}\`: expected a duration such as \`10s\` or \`1 min\`, got ${describeNode(value)}`,
  );
  return otherwise;
}

const defaultOkHttp = { type: 'okhttp', callMs: 60_000, connectMs: 10_000, readMs: 10_000, writeMs: 10_000 } as const;

function compileOkHttp(spec: SpecReader): EndpointTransport & { type: 'okhttp' } {
  const timeouts = spec.object('timeouts');
  if (!timeouts) return defaultOkHttp;
  timeouts.warnAboutUnknown(['call', 'connect', 'read', 'write'], didYouMean);
  const [callMs, connectMs, readMs, writeMs] = [
    readDuration(timeouts, 'call', defaultOkHttp.callMs),
    readDuration(timeouts, 'connect', defaultOkHttp.connectMs),
    readDuration(timeouts, 'read', defaultOkHttp.readMs),
    readDuration(timeouts, 'write', defaultOkHttp.writeMs),
  ];
  for (const [name, value] of Object.entries({ call: callMs, connect: connectMs, read: readMs, write: writeMs })) {
    const position = timeouts.get(name)?.position ?? timeouts.node.position;
    if (value <= 0) spec.log.error('connector.invalid-value', position, `\`${name}\`: timeout durations must be larger than 0`);
    else if (value > callMs)
      spec.log.error(
        'connector.invalid-value',
        position,
        `\`${name}\`: the timeout cannot be larger than that of the whole call (${callMs} ms)`,
      );
  }
  return { type: 'okhttp', callMs, connectMs, readMs, writeMs };
}

const ASYNC_FIELDS = [
  'type',
  'call',
  'connect',
  'pool_ttl',
  'pool_size',
  'payload_max_bytes',
  'trust_cacerts',
  'client_cert',
  'client_key',
  'client_key_password',
  'timeouts',
];

const defaultAsync = {
  type: 'async',
  callMs: 120_000,
  connectMs: 20_000,
  poolTtlMs: 15_000,
  poolSize: 1024,
  payloadMaxBytes: 33_554_432,
  trustCaCerts: undefined,
  clientCert: undefined,
  clientKey: undefined,
  clientKeyPasswordFile: undefined,
} as const;

function compileAsync(spec: SpecReader): EndpointTransport {
  spec.warnAboutUnknown(ASYNC_FIELDS, didYouMean);
  const timeouts = spec.object('timeouts');
  const block = timeouts && compileOkHttp(spec);
  const clientCert = spec.optionalText('client_cert');
  const clientKey = spec.optionalText('client_key');
  if ((clientCert === undefined) !== (clientKey === undefined)) {
    spec.log.error('connector.invalid-value', spec.node.position, '`client_cert` and `client_key` are needed both for mutual TLS');
  }
  if (timeouts && (spec.get('call') || spec.get('connect'))) {
    spec.log.tolerate(
      'module.ineffective',
      timeouts.node.position,
      '`timeouts` wins as a block: `call` and `connect` beside it have no effect',
    );
  }
  return {
    type: 'async',
    callMs: block?.callMs ?? readDuration(spec, 'call', defaultAsync.callMs),
    connectMs: block?.connectMs ?? readDuration(spec, 'connect', defaultAsync.connectMs),
    poolTtlMs: readDuration(spec, 'pool_ttl', defaultAsync.poolTtlMs),
    poolSize: spec.int('pool_size', defaultAsync.poolSize),
    payloadMaxBytes: spec.int('payload_max_bytes', defaultAsync.payloadMaxBytes),
    trustCaCerts: spec.optionalText('trust_cacerts'),
    clientCert,
    clientKey,
    clientKeyPasswordFile: spec.optionalText('client_key_password'),
  };
}

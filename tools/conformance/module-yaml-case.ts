import { compileConfig, type Egress, type Endpoint, type Ingress, type LoadedConfig, type ProblemCode, Secret } from '@sluice/config';

/** What the original made of a module.yaml. Its error text is not compared: ours says more. */
export interface ModuleCase {
  readonly case: string;
  readonly ok: boolean;
  readonly yaml: string;
  readonly ingresses?: readonly IngressView[];
  readonly egresses?: readonly EgressView[];
  readonly endpoints?: readonly EndpointView[];
}

interface IngressView {
  readonly id: string;
  readonly streams: readonly string[];
  readonly routing: Readonly<Record<string, { typeUrl: string; targets: readonly string[] }>>;
  readonly connectorProperties?: Readonly<Record<string, string>>;
  /** Set where the original fails once its connector starts. */
  readonly connectorError?: string;
}

interface EgressView {
  readonly id: string;
  readonly maxOutstandingRecords: number;
  readonly producerProperties?: Readonly<Record<string, string>>;
}

interface EndpointView {
  readonly functions: string;
  readonly 'url(ns/greeter)': string;
  readonly maxNumBatchRequests: number;
  readonly transport: string;
  readonly effective?: string;
  /** Set where the original fails at the first call. */
  readonly transportError?: string;
}

/** A module seen as the cases see it; `failsLater` stands for any number of connector and transport errors. */
export interface ModuleView {
  readonly ok: boolean;
  readonly errors?: readonly string[];
  readonly failsLater?: boolean;
  readonly ingresses?: readonly IngressView[];
  readonly egresses?: readonly EgressView[];
  readonly endpoints?: readonly EndpointView[];
}

/** Problems that the original has not when it reads a module: it starts connectors, and looks for targets, later. */
const isLater = (code: ProblemCode): boolean => code.startsWith('connector.') || code.startsWith('target.');

const errorsOf = ({ problems }: LoadedConfig) => problems.filter(({ severity }) => severity === 'error');

/**
 * Our outcome, seen through a projection of the model. The mistakes of the original's own documentation run here and are refused under
 * `--strict`, as the original refuses them: that verdict is compared.
 */
export function runModuleCase({ yaml }: ModuleCase): ModuleView {
  const load = (strict: boolean) => compileConfig([{ name: 'module.yaml', text: yaml }], { env: {}, strict });
  const loaded = load(false);
  const { config } = loaded;
  const errors = errorsOf(loaded);
  const mistakes = errorsOf(load(true)).filter(({ code }) => code === 'module.documented-mistake');
  const refusals = [...errors.filter(({ code }) => !isLater(code)), ...mistakes];
  if (refusals.length > 0) return { ok: false, errors: refusals.map(({ line, column, message }) => `(${line},${column}) ${message}`) };
  return {
    ok: true,
    failsLater: errors.some(({ code, message }) => code === 'connector.invalid-value' && !message.startsWith('`stream`')),
    ingresses: config.ingresses.map(viewIngress),
    egresses: config.egresses.map(viewEgress),
    endpoints: config.endpoints.map(viewEndpoint),
  };
}

/** The original's outcome in the same form, the facts of what fails later left out. */
export function expectedView({ ok, ingresses = [], egresses = [], endpoints = [] }: ModuleCase): ModuleView {
  if (!ok) return { ok };
  const failsLater =
    ingresses.some(({ connectorError }) => connectorError !== undefined) ||
    endpoints.some(({ transportError }) => transportError !== undefined);
  return { ok, failsLater, ingresses, egresses, endpoints };
}

const revealed = (properties: Readonly<Record<string, string | Secret>>): Record<string, string> =>
  Object.fromEntries(Object.entries(properties).map(([key, value]) => [key, value instanceof Secret ? value.reveal() : value]));

const viewIngress = ({ id, streams, connectorProperties }: Ingress): IngressView => ({
  id,
  streams: streams.map(({ stream }) => stream),
  routing: Object.fromEntries(
    streams.map(({ stream, valueType, targets }) => [
      stream,
      {
        typeUrl: valueType ?? '',
        targets: targets.map((target) =>
          target.type === 'egress' ? target.egressId : target.type === 'function' ? target.functionType : target.name,
        ),
      },
    ]),
  ),
  connectorProperties: revealed(connectorProperties),
});

const viewEgress = ({ id, maxOutstandingRecords, connectorProperties }: Egress): EgressView => ({
  id,
  maxOutstandingRecords: maxOutstandingRecords ?? 0,
  producerProperties: revealed(connectorProperties),
});

const viewEndpoint = ({ id, urlPathTemplate, maxNumBatchRequests, transport }: Endpoint): EndpointView => ({
  functions: id,
  'url(ns/greeter)': urlPathTemplate.replaceAll('{function.name}', 'greeter'),
  maxNumBatchRequests,
  transport: `io.statefun.transports.v1/${transport.type}`,
  effective:
    transport.type === 'okhttp'
      ? `call=${javaDuration(transport.callMs)} connect=${javaDuration(transport.connectMs)} read=${javaDuration(transport.readMs)} write=${javaDuration(transport.writeMs)}`
      : `call=${javaDuration(transport.callMs)} connect=${javaDuration(transport.connectMs)} pool_ttl=${javaDuration(transport.poolTtlMs)} pool_size=${transport.poolSize} payload_max_bytes=${transport.payloadMaxBytes}`,
});

/** `Duration.toString()` of Java: `PT24H`, `PT1M`, `PT0S`. */
function javaDuration(milliseconds: number): string {
  const [hours, minutes, seconds] = [
    Math.floor(milliseconds / 3_600_000),
    Math.floor((milliseconds % 3_600_000) / 60_000),
    (milliseconds % 60_000) / 1_000,
  ];
  const text = `${hours > 0 ? `${hours}H` : ''}${minutes > 0 ? `${minutes}M` : ''}${seconds > 0 ? `${seconds}S` : ''}`;
  return `PT${text || '0S'}`;
}

import type { HttpClientSettings } from '../model/aws.ts';
import { defaultFanOut, defaultReaderSettings, type FanOutSettings, type ReaderSettings } from '../model/reader.ts';
import type { Secret } from '../model/secret.ts';
import { ownValue } from '../yaml/own-value.ts';
import { clientConfigRules, ineffectiveBecause, ineffectiveClientConfig } from './client-config-properties.ts';
import {
  CONSUMER_ARN,
  CONSUMER_NAME,
  flinkNames,
  flinkRules,
  ineffectiveFlink,
  PUBLISHER,
  publisher,
  REGISTRATION,
  SUBSCRIBE_MAX_PAUSE,
} from './flink-properties.ts';
import { guardProperties, type Property } from './properties.ts';
import { type ApplyOptions, applyProperty, rule, truth } from './property-table.ts';
import type { SpecReader } from './spec-reader.ts';

export interface IngressProperties {
  readonly reader: ReaderSettings;
  readonly http: HttpClientSettings;
  /** `aws.endpoint`: the one way to a plain-http endpoint. */
  readonly endpoint: Property | undefined;
  /** By the names under which the connector gets them. */
  readonly connectorProperties: Readonly<Record<string, string | Secret>>;
}

const CLIENT_CONFIG = 'aws.clientconfig.';
/** Always overwritten by `awsRegion`, `awsCredentials` and `startupPosition`. */
const OVERWRITTEN = /^(?:aws\.region$|aws\.credentials\.provider|flink\.stream\.initpos(?!\.timestamp\.format))/;
const OVERWRITING = { aws_region: 'awsRegion', aws_credentials: 'awsCredentials', flink_stream: 'startupPosition' };

const clientNames = [...Object.keys(clientConfigRules), ...Object.keys(ineffectiveClientConfig)];
const CLIENT_OPTIONS: ApplyOptions = { what: 'property of the AWS client', unknownIsError: true, names: clientNames };
const FLINK_OPTIONS: ApplyOptions = {
  what: 'property of the Kinesis consumer',
  unknownIsError: false,
  names: [...flinkNames, 'aws.endpoint', 'aws.trust.all.certificates'],
};

/** The name under which the connector gets a property: all but `flink.` and `aws.` ones are the AWS client's. */
const connectorKey = (key: string): string =>
  /^(?:flink|aws)\./.test(key) ? key : `${CLIENT_CONFIG}${key.charAt(0).toLowerCase()}${key.slice(1)}`;

export function compileIngressProperties(properties: readonly Property[], spec: SpecReader): IngressProperties {
  let reader: ReaderSettings = defaultReaderSettings;
  let http: HttpClientSettings = {};
  const isFanOut = properties.some(({ key, value }) => key === PUBLISHER && value === 'EFO');
  const connectorProperties: Record<string, string> = {};
  for (const property of properties) {
    const { key, keyNode, value } = property;
    const target = connectorKey(key);
    connectorProperties[target] = value;
    if (key === '')
      spec.log.error('connector.invalid-value', keyNode.position, 'a property must have a name; the connector fails on an empty one');
    else if (target.startsWith(CLIENT_CONFIG)) http = applyClientConfig(http, property, target.slice(CLIENT_CONFIG.length), spec);
    else if (OVERWRITTEN.test(key)) warnAboutOverwritten(property, spec);
    else if (key === 'aws.trust.all.certificates') http = applyProperty(http, property, trustAll, FLINK_OPTIONS, spec.log);
    else if (key === 'aws.endpoint') continue;
    else if (key === PUBLISHER) {
      reader = applyProperty(reader, property, fanOutRule(property, properties), FLINK_OPTIONS, spec.log);
    } else reader = applyFlink(reader, property, isFanOut, spec);
  }
  warnAboutProxy(http, properties, spec);
  return {
    reader,
    http,
    endpoint: properties.find(({ key }) => key === 'aws.endpoint'),
    connectorProperties: guardProperties(connectorProperties),
  };
}

const fanOutRule = ({ keyNode }: Property, properties: readonly Property[]) =>
  rule(publisher, (reader: ReaderSettings, value) =>
    value === 'EFO' ? { ...reader, fanOut: fanOutOf(keyNode.position, properties) } : reader,
  );

/** With registration `NONE` the consumers are there, one for each stream; with `LAZY` and `EAGER` the first reader registers it. */
function fanOutOf(position: FanOutSettings['position'], properties: readonly Property[]): FanOutSettings {
  const lastOf = (name: string) => properties.findLast(({ key }) => key === name)?.value;
  const arns = properties
    .filter(({ key }) => key.startsWith(CONSUMER_ARN))
    .map(({ key, value }) => [key.slice(CONSUMER_ARN.length), value]);
  const maxPauseMs = Number(lastOf(SUBSCRIBE_MAX_PAUSE));
  return {
    ...defaultFanOut,
    position,
    consumer: lastOf(CONSUMER_NAME) ?? '',
    ...(lastOf(REGISTRATION) === 'NONE' && { consumerArns: Object.fromEntries(arns) }),
    ...(maxPauseMs > 0 && { maxPauseMs }),
  };
}

const trustAll = rule(truth, (settings: HttpClientSettings, trustAllCertificates) => ({ ...settings, trustAllCertificates }));

function applyClientConfig(http: HttpClientSettings, property: Property, name: string, { log }: SpecReader): HttpClientSettings {
  const ineffective = Object.hasOwn(ineffectiveClientConfig, name) ? ineffectiveClientConfig[name] : undefined;
  if (ineffective) {
    const reason = Object.hasOwn(ineffectiveBecause, name) ? `: ${ineffectiveBecause[name]}` : '';
    log.warn('module.ineffective', property.keyNode.position, `\`${property.key}\` has no effect in Sluice${reason}`);
  }
  const effective = Object.hasOwn(clientConfigRules, name) ? clientConfigRules[name] : undefined;
  return applyProperty(http, property, effective ?? ineffective, CLIENT_OPTIONS, log);
}

function applyFlink(reader: ReaderSettings, property: Property, isFanOut: boolean, { log }: SpecReader): ReaderSettings {
  const { key, keyNode } = property;
  const ineffective = ineffectiveFlink(key, isFanOut);
  if (ineffective && !(isFanOut && ineffective.isOfFanOut))
    log.warn('module.ineffective', keyNode.position, `\`${key}\` has no effect in Sluice${ineffective.because}`);
  return applyProperty(reader, property, ownValue(flinkRules, key) ?? ineffective?.rule, FLINK_OPTIONS, log);
}

function warnAboutOverwritten({ key, keyNode }: Property, { log }: SpecReader): void {
  const [first, second] = key.split('.');
  const field = OVERWRITING[`${first}_${second}` as keyof typeof OVERWRITING];
  log.tolerate('module.ineffective', keyNode.position, `\`${key}\` never takes effect: \`${field}\`, or its default, is written over it`);
}

function warnAboutProxy({ proxy }: HttpClientSettings, properties: readonly Property[], { log }: SpecReader): void {
  const first = properties.find(({ key }) => /^(?:aws\.clientconfig\.)?(?:proxy|nonProxy)/i.test(key));
  if (proxy?.host === '' && first)
    log.tolerate('module.ineffective', first.keyNode.position, `\`${first.key}\` has no effect without \`proxyHost\``);
}

import type { AwsCredentials } from '../model/aws.ts';
import type { SourcePosition } from '../model/position.ts';
import { Secret } from '../model/secret.ts';
import { didYouMean } from '../schema/suggest.ts';
import { type ConfigNode, MapNode } from '../yaml/node.ts';
import { asText, SpecFault, type SpecReader } from './spec-reader.ts';

/** `awsRegion` and `awsCredentials`, and their values as properties of Flink's connectors. */
export interface CompiledRegion {
  readonly region: string | undefined;
  readonly endpoint: { readonly url: string; readonly position: SourcePosition } | undefined;
}

const REGION_TYPES = ['default', 'specific', 'custom-endpoint'];
const CREDENTIAL_TYPES = ['default', 'basic', 'profile'];
/** What the connectors take for a region. */
const REGION = /^[a-z]+-([a-z]+[-]{0,1}[a-z]+-([0-9]|global)|global)$/;

export function compileRegion(spec: SpecReader): CompiledRegion {
  const region = regionSpec(spec);
  if (!region) return { region: undefined, endpoint: undefined };
  const type = region.text('type');
  if (!REGION_TYPES.includes(type)) {
    throw new SpecFault(
      'field.value',
      region.require('type').position,
      `invalid AWS region type \`${type}\`; valid values are ${REGION_TYPES.join(', ')}`,
    );
  }
  const known = { default: ['type'], specific: ['type', 'id'], 'custom-endpoint': ['type', 'id', 'endpoint'] }[type]!;
  region.warnAboutUnknown(known, didYouMean);
  if (type === 'default') return { region: undefined, endpoint: undefined };
  const endpoint = type === 'custom-endpoint' ? { url: readEndpoint(region), position: region.require('endpoint').position } : undefined;
  const id = region.text('id');
  if (!REGION.test(id))
    region.log.warn(
      'connector.invalid-value',
      region.require('id').position,
      `\`${id}\` does not look like an AWS region such as \`eu-west-1\``,
    );
  return { region: id, endpoint };
}

/** The documentation shows the region under the key of the credentials; what stands there tells that it is one. */
function regionSpec(spec: SpecReader): SpecReader | undefined {
  const region = spec.object('awsRegion', '; write for example `awsRegion: {type: specific, id: eu-west-1}`');
  return region ?? (isRegion(spec.get('awsCredentials')) ? spec.object('awsCredentials') : undefined);
}

function isRegion(node: ConfigNode | undefined): boolean {
  const type = node instanceof MapNode ? node.get('type') : undefined;
  return type !== undefined && ['specific', 'custom-endpoint'].includes(asText(type));
}

/** The original takes only https, and tells those who have a plain-http emulator of other ways. */
function readEndpoint(region: SpecReader): string {
  const url = region.text('endpoint');
  if (/[\s"<>\\^`{|}]/.test(url) || !/^[A-Za-z][A-Za-z0-9+.-]*:(?!\/\/(?:$|[?#]))./.test(url)) {
    throw region.fault('endpoint', `invalid service endpoint url \`${url}\`: expected \`https://host:port\``);
  }
  if (/^https:/i.test(url)) return url;
  if (!/^http:/i.test(url)) throw region.fault('endpoint', `invalid service endpoint url \`${url}\`: expected \`https://host:port\``);
  region.log.tolerate(
    'module.documented-mistake',
    region.require('endpoint').position,
    `Stateful Functions refuses the custom endpoint \`${url}\`, since it is not https; write \`https://…\`, or for a plain-http emulator set AWS_ENDPOINT_URL_KINESIS, or on an ingress the property \`aws.endpoint\``,
  );
  return url;
}

export function compileCredentials(spec: SpecReader): AwsCredentials {
  const credentials = spec.object('awsCredentials', '; write for example `awsCredentials: {type: default}`');
  if (!credentials) return { type: 'default' };
  const type = credentials.text('type');
  if (isRegion(credentials.node) && !spec.get('awsRegion')) {
    credentials.log.tolerate(
      'module.documented-mistake',
      credentials.node.position,
      'a region stands under `awsCredentials`, where the documentation shows it by mistake; write `awsRegion`',
    );
    return { type: 'default' };
  }
  if (!CREDENTIAL_TYPES.includes(type)) {
    const hint = isRegion(credentials.node) ? '; there is an `awsRegion` already, so this is none: remove it' : '';
    throw new SpecFault(
      'field.value',
      credentials.require('type').position,
      `invalid AWS credential type \`${type}\`; valid values are ${CREDENTIAL_TYPES.join(', ')}${hint}`,
    );
  }
  if (type === 'basic' && credentials.get('profileName') && !credentials.get('accessKeyId')) {
    credentials.log.tolerate(
      'module.documented-mistake',
      credentials.require('type').position,
      '`type: basic` needs `accessKeyId` and `secretAccessKey`; the documentation shows it by mistake for a profile: write `type: profile`',
    );
    return readCredentials('profile', credentials);
  }
  return readCredentials(type, credentials);
}

function readCredentials(type: string, credentials: SpecReader): AwsCredentials {
  if (type === 'default') {
    credentials.warnAboutUnknown(['type'], didYouMean);
    return { type: 'default' };
  }
  if (type === 'basic') {
    credentials.warnAboutUnknown(['type', 'accessKeyId', 'secretAccessKey'], (name, known) =>
      name === 'sessionToken'
        ? '; Stateful Functions takes no session token: use `type: default` and the environment'
        : didYouMean(name, known),
    );
    return {
      type: 'static',
      accessKeyId: credentials.text('accessKeyId'),
      secretAccessKey: new Secret(credentials.text('secretAccessKey')),
      sessionToken: undefined,
    };
  }
  credentials.warnAboutUnknown(['type', 'profileName', 'profilePath'], didYouMean);
  return { type: 'profile', name: credentials.text('profileName'), path: credentials.optionalText('profilePath') };
}

/** The credentials as Flink's connectors take them; both sides use the same words. */
export function credentialProperties(credentials: AwsCredentials): Record<string, string | Secret> {
  const prefix = 'aws.credentials.provider';
  switch (credentials.type) {
    case 'static':
      return {
        [prefix]: 'BASIC',
        [`${prefix}.basic.accesskeyid`]: credentials.accessKeyId,
        [`${prefix}.basic.secretkey`]: new Secret(credentials.secretAccessKey.reveal()),
      };
    case 'profile':
      return {
        [prefix]: 'PROFILE',
        [`${prefix}.profile.name`]: credentials.name,
        ...(credentials.path !== undefined && { [`${prefix}.profile.path`]: credentials.path }),
      };
    case 'default':
    case 'ec2-role':
      return { [prefix]: 'AUTO' };
  }
}

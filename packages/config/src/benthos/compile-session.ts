import type { AwsCredentials, AwsSettings, HttpClientSettings } from '../model/aws.ts';
import type { SourcePosition } from '../model/position.ts';
import type { ProblemLog } from '../problem/problem.ts';
import { isRoleArn, ROLE_ARN } from '../schema/leaf.ts';
import { checkRegion } from '../schema/region.ts';
import type { SessionFields } from './schema/session.ts';

/** The session of a Benthos AWS component. As upstream: a profile wins over an id, the EC2 role over everything. */
export function compileSession(
  { region, endpoint, credentials, tcp }: SessionFields,
  position: SourcePosition,
  log: ProblemLog,
): AwsSettings {
  if (endpoint !== '' && !/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    log.error(
      'field.value',
      position,
      `\`endpoint\`: expected a URL such as \`https://host:port\` or \`http://host:port\`, got \`${endpoint}\``,
    );
  }
  if (endpoint === '') checkRegion('region', region, position, log);
  const { id, secret, profile, from_ec2_role: fromEc2Role, role, role_external_id: externalId } = credentials;
  if (profile !== '' && id !== '') log.warn('module.ineffective', position, '`credentials.id` has no effect: `credentials.profile` wins');
  if (id !== '' && profile === '' && secret === undefined)
    log.error('field.missing', position, '`credentials.secret` is missing: `credentials.id` alone is no access key');
  if (role !== '' && !fromEc2Role && !isRoleArn(role))
    log.warn('field.value', position, `\`credentials.role\`: expected ${ROLE_ARN}, got \`${role}\`; AWS will refuse to assume it`);
  if (fromEc2Role && (id !== '' || profile !== '' || role !== '')) {
    log.warn(
      'module.ineffective',
      position,
      '`credentials.from_ec2_role` replaces every other source of credentials, an assumed `role` too',
    );
  }
  const http: HttpClientSettings = tcp && tcp.connect_timeout > 0 ? { connectTimeoutMs: tcp.connect_timeout } : {};
  return {
    region: region || undefined,
    endpoint: endpoint || undefined,
    credentials: compileCredentials(credentials),
    assumeRole: role !== '' && !fromEc2Role ? { arn: role, externalId: externalId || undefined } : undefined,
    http,
  };
}

function compileCredentials({ profile, id, secret, token, from_ec2_role: fromEc2Role }: SessionFields['credentials']): AwsCredentials {
  if (fromEc2Role) return { type: 'ec2-role' };
  if (profile !== '') return { type: 'profile', name: profile, path: undefined };
  if (id !== '' && secret) return { type: 'static', accessKeyId: id, secretAccessKey: secret, sessionToken: token };
  return { type: 'default' };
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Credentials } from '../faults/credential-refusals.ts';
import { ServiceError } from '../service-error.ts';

const PARAMETERS = ['Credential', 'Signature', 'SignedHeaders'] as const;

/**
 * Refuses a request that is not signed, or signed by a key that is not accepted. Signatures are not computed: the
 * emulator knows no secret keys.
 * @returns who signed it
 * @param acceptedAccessKeyIds `undefined` accepts every key
 */
export function checkCredentials(headers: IncomingHttpHeaders, acceptedAccessKeyIds: ReadonlySet<string> | undefined): Credentials {
  const { authorization } = headers;
  if (!authorization) throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const missing = PARAMETERS.filter((parameter) => !authorization.includes(`${parameter}=`));
  if (missing.length > 0) {
    const sentences = missing.map((parameter) => `Authorization header requires '${parameter}' parameter.`);
    throw new ServiceError('IncompleteSignatureException', sentences.join(' '));
  }
  const accessKeyId = /Credential=([^/,\s]*)/.exec(authorization)![1]!;
  if (acceptedAccessKeyIds && !acceptedAccessKeyIds.has(accessKeyId)) {
    throw new ServiceError('UnrecognizedClientException', 'The security token included in the request is invalid.');
  }
  const sessionToken = headers['x-amz-security-token'];
  return { accessKeyId, sessionToken: typeof sessionToken === 'string' ? sessionToken : undefined };
}

/** When a request says it was signed, such as `20261130T032433Z`; milliseconds since 1970. `undefined` where it does not say so in this form. */
export function signedAtMs({ 'x-amz-date': date }: IncomingHttpHeaders): number | undefined {
  const isBasic = typeof date === 'string' && /^\d{8}T\d{6}Z$/.test(date);
  return isBasic ? Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')) : undefined;
}

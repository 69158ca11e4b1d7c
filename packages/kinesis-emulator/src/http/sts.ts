/** The one operation of another service that Kinesis clients need: the KPL asks at its start whose credentials it has. */
import { randomUUID } from 'node:crypto';
import type { ApiReply } from '../dispatcher.ts';
import type { Credentials } from '../faults/credential-refusals.ts';
import { ServiceError } from '../service-error.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';

/** Whether a request speaks the AWS Query protocol, as those to STS do. */
export const isQuery = (contentType: string): boolean => contentType.startsWith('application/x-www-form-urlencoded');

const xmlReply = (status: number, body: string): ApiReply => ({ status, headers: { 'content-type': 'text/xml' }, body });

const escaped = (text: string): string => text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);

/** Answers `GetCallerIdentity`; throws a `ServiceError` for every other action. */
export function callerIdentity(body: Buffer, { accessKeyId }: Credentials, accountId: string): ApiReply {
  const action = new URLSearchParams(body.toString()).get('Action');
  if (action !== 'GetCallerIdentity') {
    throw new ServiceError('InvalidAction', `Could not find operation ${action} for version 2011-06-15; there is GetCallerIdentity.`);
  }
  return xmlReply(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult><Arn>arn:aws:iam::${accountId}:user/emulator</Arn>` +
      `<UserId>${escaped(accessKeyId)}</UserId><Account>${accountId}</Account></GetCallerIdentityResult>` +
      `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
}

export const queryErrorReply = ({ type, message, status }: ServiceError): ApiReply =>
  xmlReply(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error><Type>Sender</Type><Code>${type}</Code><Message>${escaped(message)}</Message></Error>` +
      `<RequestId>${randomUUID()}</RequestId></ErrorResponse>`,
  );

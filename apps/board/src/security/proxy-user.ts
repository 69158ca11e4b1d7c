import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';
import { BoardRefusalError } from './errors.ts';

export interface ProxyLogin {
  readonly header: string;
  /** Addresses, and networks as `10.0.0.0/8`. */
  readonly addresses: readonly string[];
}

const LONGEST_NAME = 200;

/**
 * Reads the user from the header of a trusted proxy.
 * @throws {BoardRefusalError} another one than the proxy asks, or the header does not name one user
 */
export function proxyUserReader({ header, addresses }: ProxyLogin): (request: IncomingMessage) => string {
  const trusted = trustedAddresses(addresses);
  return ({ socket, headersDistinct }) => {
    const { remoteAddress = '' } = socket;
    if (!isTrusted(trusted, remoteAddress))
      throw refuse(`expected a request from the proxy that sluice.board.login.proxy_addresses names, found one from ${remoteAddress}`);
    const names = headersDistinct[header.toLowerCase()] ?? [];
    // Two of them: one may come from the client, past a proxy that adds its own.
    if (names.length !== 1 || names[0] === '' || names[0]!.length > LONGEST_NAME)
      throw refuse(`expected one header ${header} with the name of a user, found ${names.length === 1 ? 'an unusable one' : names.length}`);
    return names[0]!;
  };
}

const refuse = (message: string) => new BoardRefusalError(401, 'LOGIN_REQUIRED', message);

function trustedAddresses(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', bits] = text.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return list;
}

/** `::ffff:10.0.0.1`, as a server on `::` sees IPv4 clients, counts as `10.0.0.1`. */
const isTrusted = (list: BlockList, address: string): boolean => isIP(address) !== 0 && list.check(address, familyOf(address));

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

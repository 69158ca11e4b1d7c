import { isIP } from 'node:net';
import { z } from 'zod';
import { flag, leaf, optionalText, Refusal, secret } from '../schema/leaf.ts';
import { readGoString } from '../yaml/go-scalar.ts';

/** An address, or a network such as `10.0.0.0/8`. */
const network = () =>
  leaf({ type: 'string' }, 'an address', (node) => {
    const text = readGoString(node);
    const [address = '', bits, ...rest] = text.split('/');
    const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)]!;
    const isSound = most > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most));
    return isSound ? text : new Refusal(`expected an IP address or a network such as \`10.0.0.0/8\`, got \`${text}\``);
  });

const hostName = () =>
  leaf({ type: 'string' }, 'a host name', (node) => {
    const text = readGoString(node).toLowerCase();
    return /^[a-z0-9_]([a-z0-9._-]*[a-z0-9])?$/.test(text)
      ? text
      : new Refusal(`expected a host name without scheme and port, such as \`board.example.com\`, got \`${text}\``);
  });

interface LoginFields {
  readonly username?: string | undefined;
  readonly password?: unknown;
  readonly password_file?: string | undefined;
  readonly proxy_header?: string | undefined;
  readonly proxy_addresses?: readonly string[] | undefined;
}

const isBasic = ({ username, password, password_file, proxy_header, proxy_addresses }: LoginFields): boolean =>
  username !== undefined &&
  (password === undefined) !== (password_file === undefined) &&
  proxy_header === undefined &&
  proxy_addresses === undefined;

const isByProxy = ({ username, password, password_file, proxy_header, proxy_addresses }: LoginFields): boolean =>
  proxy_header !== undefined && proxy_addresses !== undefined && [username, password, password_file].every((field) => field === undefined);

/** As `sluice create` writes it: nothing is set. */
const isEmpty = (fields: LoginFields): boolean => Object.values(fields).every((field) => field === undefined);

const login = z
  .strictObject({
    username: optionalText().optional().meta({ description: 'Name of the one user who may log in (HTTP basic authentication).' }),
    password: secret().optional().meta({
      description: 'Password of that user. Prefer `SLUICE_BOARD_LOGIN_PASSWORD` or `SLUICE_BOARD_LOGIN_PASSWORD_FILE`.',
    }),
    password_file: optionalText()
      .optional()
      .meta({ description: 'File that holds the password, in place of `password`. A line break at its end is not part of it.' }),
    proxy_header: optionalText()
      .optional()
      .meta({
        description: 'Header in which a proxy that has checked the user (with OpenID Connect, say) puts the name.',
        examples: ['X-Forwarded-User'],
      }),
    proxy_addresses: z
      .array(network())
      .min(1, { error: 'at least one address must be named' })
      .optional()
      .meta({
        description: 'Addresses of that proxy, or networks as `10.0.0.0/8`. The header of anybody else is refused.',
        examples: [['10.1.2.3', '10.2.0.0/16']],
      }),
  })
  .refine((fields) => isEmpty(fields) || isBasic(fields) || isByProxy(fields), {
    error: 'needs `username` with one of `password` and `password_file`, or `proxy_header` with `proxy_addresses`, and not parts of both',
  })
  .optional()
  .meta({ description: 'Who may use the board. Without a login it listens on loopback addresses only.' });

export const boardSchema = z
  .strictObject({
    login,
    read_only: flag().prefault(false).meta({ description: 'Refuse every action: the board shows, and changes nothing.' }),
    payloads: flag().prefault(false).meta({
      description: 'Show the data of records. Off by default, since records may hold what not everybody who may see the board may read.',
    }),
    allowed_hosts: z
      .array(hostName())
      .prefault([])
      .meta({
        description:
          'Host names under which browsers reach the board. On loopback, or where some are named, it answers only under these, `localhost` and IP addresses.',
        examples: [['board.example.com']],
      }),
  })
  .prefault({})
  .meta({ description: 'The board: status page, actions and Bull Board.' });

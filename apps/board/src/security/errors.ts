import { SluiceError } from '@sluice/core';

/** The board would be open to everybody who reaches its address. */
export class BoardLoginMissingError extends SluiceError {
  readonly code = 'BOARD_LOGIN_MISSING';
  readonly disposition = 'fatal';

  constructor(host: string) {
    super(
      `expected a login for a board that listens on ${host}, found none: set sluice.board.login (SLUICE_BOARD_LOGIN_USERNAME and SLUICE_BOARD_LOGIN_PASSWORD), or listen on 127.0.0.1 (SLUICE_HOST, --host)`,
      { details: { host } },
    );
  }
}

/** The file that `sluice.board.login.password_file` names cannot be read, or is empty. */
export class BoardPasswordFileError extends SluiceError {
  readonly code = 'BOARD_PASSWORD_FILE_UNREADABLE';
  readonly disposition = 'fatal';

  constructor(file: string, cause: unknown) {
    const reason = (cause as NodeJS.ErrnoException | undefined)?.code ?? 'an empty one';
    super(`expected a file with the password of the board at ${file}, found ${reason}: see sluice.board.login.password_file`, {
      cause,
      details: { file },
    });
  }
}

/**
 * A request to the board that is refused. Its code says why: `LOGIN_REQUIRED`, `LOGIN_BLOCKED`, `HOST_UNKNOWN`, `CSRF_TOKEN_INVALID`,
 * `ORIGIN_FOREIGN`, `READ_ONLY`, `PAYLOADS_HIDDEN`, `REQUEST_INVALID` or `NOT_FOUND`.
 */
export class BoardRefusalError extends SluiceError {
  readonly code: Uppercase<string>;
  readonly disposition = 'reject';
  /** The status of HTTP that says so. Fastify looks for this name. */
  readonly statusCode: number;

  constructor(statusCode: number, code: Uppercase<string>, message: string) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
  }
}

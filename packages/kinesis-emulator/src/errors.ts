import { SluiceError } from '@sluice/core';

/** Thrown when the emulator cannot listen where it was told to. */
export class AddressNotAvailableError extends SluiceError {
  readonly code = 'ADDRESS_NOT_AVAILABLE';
  readonly disposition = 'fatal';

  constructor(host: string, port: number, cause: NodeJS.ErrnoException) {
    const reason = cause.code === 'EADDRINUSE' ? 'the port is in use; stop what holds it or choose another port' : cause.message;
    super(`kinesis emulator cannot listen at ${host}:${port}: ${reason}`, { cause, details: { host, port } });
  }
}

/** Thrown when the emulator's command line cannot be understood. */
export class CommandLineError extends SluiceError {
  readonly code = 'BAD_COMMAND_LINE';
  readonly disposition = 'fatal';
}

/** Thrown when the file that keeps the emulator's records cannot be used: another format, damage before its end, or no access. */
export class DataFileError extends SluiceError {
  readonly code = 'DATA_FILE_NOT_USABLE';
  readonly disposition = 'fatal';

  constructor(path: string, reason: string, cause?: unknown) {
    super(`kinesis emulator cannot use the data file ${path}: ${reason}`, { cause, details: { path } });
  }
}

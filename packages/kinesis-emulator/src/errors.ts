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

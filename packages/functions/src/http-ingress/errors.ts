import { SluiceError } from '@sluice/core';

/** A request to the HTTP front cannot be carried out as it is. Answered to the client; nothing was enqueued. */
export class RequestRefusedError extends SluiceError {
  readonly code = 'HTTP_REQUEST_REFUSED';
  readonly disposition = 'reject';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message, { details: { status } });
    this.status = status;
  }
}

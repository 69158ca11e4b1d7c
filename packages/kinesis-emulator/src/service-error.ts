/** An error that a client sees: `__type` and `message` of the body, and the HTTP status. */
export class ServiceError extends Error {
  readonly type: string;
  readonly status: number;

  constructor(type: string, message: string, status = 400) {
    super(message);
    this.name = 'ServiceError';
    this.type = type;
    this.status = status;
  }
}

export const resourceNotFound = (message: string) => new ServiceError('ResourceNotFoundException', message);
export const resourceInUse = (message: string) => new ServiceError('ResourceInUseException', message);
export const invalidArgument = (message: string) => new ServiceError('InvalidArgumentException', message);
export const limitExceeded = (message: string) => new ServiceError('LimitExceededException', message);
export const throttled = (message: string) => new ServiceError('ProvisionedThroughputExceededException', message);
export const serialization = (message: string) => new ServiceError('SerializationException', message);

/** The service's wording for a value outside what its API model allows; `path` such as `records.1.member.data`. */
export const constraintViolated = (path: string, constraint: string) =>
  new ServiceError('ValidationException', `1 validation error detected: Value at '${path}' failed to satisfy constraint: ${constraint}`);

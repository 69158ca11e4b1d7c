/** The members that name a stream in a request: the service takes a name or an ARN, each under its own member. */
export const streamMember = (stream: string): { StreamName: string } | { StreamARN: string } =>
  isArn(stream) ? { StreamARN: stream } : { StreamName: stream };

export const isArn = (stream: string): boolean => stream.startsWith('arn:');

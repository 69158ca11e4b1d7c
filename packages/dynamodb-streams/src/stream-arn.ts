/** `arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-01-31T12:00:00.000` */
const STREAM_ARN = /^arn:[^:]+:dynamodb:([^:]+):\d{12}:table\/([^/:]+)\/stream\/[^/]+$/;

/** Whether a stream of an ingress is that of a DynamoDB table. */
export const isTableStream = (stream: string): boolean => STREAM_ARN.test(stream);

/** The region in which the table is. */
export const regionOf = (streamArn: string): string | undefined => STREAM_ARN.exec(streamArn)?.[1];

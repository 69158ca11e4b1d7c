/** A query is no JMESPath. */
export class JmespathSyntaxError extends Error {
  override readonly name = 'JmespathSyntaxError';
}

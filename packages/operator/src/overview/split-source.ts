/** The ingress and the stream of a source. Ids of ingresses may have slashes; names of streams have none, and ARNs begin as ARNs do. */
export function splitSource(source: string): { readonly ingress: string; readonly stream: string } {
  const arn = source.indexOf('/arn:');
  const slash = arn >= 0 ? arn : source.lastIndexOf('/');
  return { ingress: source.slice(0, slash), stream: source.slice(slash + 1) };
}

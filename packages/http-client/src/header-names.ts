/** A header's name as Go writes it: `x-request-id` becomes `X-Request-Id`. */
export const canonicalName = (name: string): string =>
  name
    .split('-')
    .map((part) => part.slice(0, 1).toUpperCase() + part.slice(1).toLowerCase())
    .join('-');

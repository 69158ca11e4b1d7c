import type { HttpRequest } from '@sluice/processors';

/** The login of a URL goes as a header, as Go's client sends it, so that no message, no log line and no `Referer` shows it. */
export function loginAsHeader(request: HttpRequest): HttpRequest {
  const url = URL.parse(request.url);
  if (!url || (url.username === '' && url.password === '')) return request;
  const login = `${decoded(url.username)}:${decoded(url.password)}`;
  url.username = '';
  url.password = '';
  const { headers } = request;
  const isThere = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization');
  const authorization = { Authorization: `Basic ${Buffer.from(login).toString('base64')}` };
  return { ...request, url: url.href, headers: isThere ? headers : { ...headers, ...authorization } };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

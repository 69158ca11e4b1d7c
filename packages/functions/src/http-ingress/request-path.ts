import type { FunctionAddress } from '@sluice/function-protocol';
import { RequestRefusedError } from './errors.ts';

/** The address in `/namespace/type/id`. Each part is percent-decoded by itself, so that an id may hold a slash (`%2F`), or be empty. @param url whose percent-encoding is sound, as the server has checked */
export function readAddress(url: string): FunctionAddress {
  const [, namespace, type, id, ...rest] = url.split('?', 1)[0]!.split('/');
  if (!namespace || !type || id === undefined || rest.length > 0)
    throw new RequestRefusedError(404, 'expected PUT /{namespace}/{type}/{id}; a slash in one of them is written %2F');
  return { namespace: decodeURIComponent(namespace), type: decodeURIComponent(type), id: decodeURIComponent(id) };
}

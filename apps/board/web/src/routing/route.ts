/** The pages and their addresses: hashes, so that the server knows one page only and a reload stays where it was. */

export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'streams' }
  | { readonly page: 'stream'; readonly source: string }
  | { readonly page: 'shard'; readonly source: string; readonly shard: string }
  | { readonly page: 'targets' }
  | { readonly page: 'target'; readonly target: string }
  | { readonly page: 'lane'; readonly target: string; readonly lane: number }
  | { readonly page: 'job'; readonly target: string; readonly lane: number; readonly job: string }
  | { readonly page: 'workers' }
  | { readonly page: 'worker'; readonly worker: string }
  | { readonly page: 'deadLetters'; readonly target: string | null }
  | { readonly page: 'deadLetter'; readonly target: string; readonly id: string }
  | { readonly page: 'audit' }
  | { readonly page: 'unknown'; readonly path: string };

export function parseRoute(hash: string): Route {
  const path = hash.replace(/^#?\/?/, '');
  const parts = path.split('/').map(decode);
  const [head = '', a, b, c, d] = parts;
  switch (`${head}/${parts.length - 1}`) {
    case '/0':
      return { page: 'overview' };
    case 'streams/0':
    case 'targets/0':
    case 'workers/0':
    case 'audit/0':
      return { page: head as 'streams' | 'targets' | 'workers' | 'audit' };
    case 'streams/1':
      return { page: 'stream', source: a! };
    case 'streams/2':
      return { page: 'shard', source: a!, shard: b! };
    case 'targets/1':
      return { page: 'target', target: a! };
    case 'targets/3':
      if (b === 'lanes' && isNumber(c)) return { page: 'lane', target: a!, lane: Number(c) };
      break;
    case 'targets/4':
      if (b === 'lanes' && isNumber(c)) return { page: 'job', target: a!, lane: Number(c), job: d! };
      break;
    case 'workers/1':
      return { page: 'worker', worker: a! };
    case 'dead-letters/0':
      return { page: 'deadLetters', target: null };
    case 'dead-letters/1':
      return { page: 'deadLetters', target: a! };
    case 'dead-letters/2':
      return { page: 'deadLetter', target: a!, id: b! };
  }
  return { page: 'unknown', path };
}

const isNumber = (text: string | undefined): boolean => text !== undefined && /^\d+$/.test(text);

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const hashOf = (...parts: readonly (string | number)[]): string => `#/${parts.map(encodeURIComponent).join('/')}`;

export const hrefs = {
  overview: '#/',
  streams: '#/streams',
  stream: (source: string) => hashOf('streams', source),
  shard: (source: string, shard: string) => hashOf('streams', source, shard),
  targets: '#/targets',
  target: (target: string) => hashOf('targets', target),
  lane: (target: string, lane: number) => hashOf('targets', target, 'lanes', lane),
  job: (target: string, lane: number, job: string) => hashOf('targets', target, 'lanes', lane, job),
  workers: '#/workers',
  worker: (worker: string) => hashOf('workers', worker),
  deadLetters: (target: string | null) => (target === null ? '#/dead-letters' : hashOf('dead-letters', target)),
  deadLetter: (target: string, id: string) => hashOf('dead-letters', target, id),
  audit: '#/audit',
} as const;

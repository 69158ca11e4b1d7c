import { effect, signal } from '@preact/signals';
import { parseRoute, type Route } from './route.ts';

/** Where the reader is. */
export const route = signal<Route>(parseRoute(location.hash));

/** After a step to another page the focus goes to its heading, so that keyboard and screen reader are where the eye is. */
export function startRouting(): void {
  let before = location.hash;
  addEventListener('hashchange', () => {
    if (location.hash === before) return;
    before = location.hash;
    route.value = parseRoute(location.hash);
    requestAnimationFrame(() => {
      scrollTo(0, 0);
      document.querySelector<HTMLElement>('main h1')?.focus();
    });
  });
  effect(() => {
    document.title = `${titleOf(route.value)} · Sluice`;
  });
}

export const goTo = (href: string): void => {
  location.hash = href;
};

function titleOf(where: Route): string {
  switch (where.page) {
    case 'overview':
      return 'Overview';
    case 'streams':
      return 'Streams';
    case 'stream':
      return where.source;
    case 'shard':
      return `${where.shard} of ${where.source}`;
    case 'targets':
      return 'Targets';
    case 'target':
      return where.target;
    case 'lane':
      return `Lane ${where.lane} of ${where.target}`;
    case 'job':
      return `Job ${where.job} in lane ${where.lane} of ${where.target}`;
    case 'workers':
      return 'Workers';
    case 'worker':
      return where.worker;
    case 'deadLetters':
      return where.target === null ? 'Dead letters' : `Dead letters of ${where.target}`;
    case 'deadLetter':
      return `Dead letter ${where.id}`;
    case 'audit':
      return 'Audit log';
    case 'unknown':
      return 'Not found';
  }
}

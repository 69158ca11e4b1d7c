import { Icon } from '../components/icon.tsx';
import { connection, overview, pictureAgeMs, session } from '../live/live.ts';
import { countText, durationText } from '../model/format.ts';
import { totalsOf } from '../model/totals.ts';
import { nextTheme, theme } from '../preferences/theme.ts';
import { route } from '../routing/location.ts';
import { hrefs, type Route } from '../routing/route.ts';
import { openHelp } from './help.ts';

interface Tab {
  readonly title: string;
  readonly href: string;
  readonly pages: readonly Route['page'][];
  readonly count?: number | undefined;
}

export function Header() {
  const deadLetters = overview.value && totalsOf(overview.value).deadLetters;
  const tabs: readonly Tab[] = [
    { title: 'Overview', href: hrefs.overview, pages: ['overview'] },
    { title: 'Streams', href: hrefs.streams, pages: ['streams', 'stream', 'shard'] },
    { title: 'Targets', href: hrefs.targets, pages: ['targets', 'target', 'lane', 'job'] },
    { title: 'Workers', href: hrefs.workers, pages: ['workers', 'worker'] },
    { title: 'Dead letters', href: hrefs.deadLetters(null), pages: ['deadLetters', 'deadLetter'], count: deadLetters },
    { title: 'Audit log', href: hrefs.audit, pages: ['audit'] },
  ];
  return (
    <header class="top">
      <a class="brand" href={hrefs.overview} aria-label="Sluice, overview">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="M6 12c3.300-3 6.700-3 10 0s6.700 3 10 0" />
          <path class="brand-second" d="M6 20c3.300-3 6.700-3 10 0s6.700 3 10 0" />
        </svg>
        Sluice
      </a>
      <nav class="tabs" aria-label="Pages">
        <ul>
          {tabs.map(({ title, href, pages, count }) => (
            <li key={href}>
              <a href={href} aria-current={pages.includes(route.value.page) ? 'page' : undefined}>
                {title}
                {count ? <span class="tab-count">{countText(count)}</span> : null}
              </a>
            </li>
          ))}
          <li>
            <a href="queues">
              Queues <Icon name="external" />
              <span class="sr-only">(Bull Board)</span>
            </a>
          </li>
        </ul>
      </nav>
      <div class="top-end">
        <Pulse />
        {session.value?.readOnly && <span class="tag">read-only</span>}
        {session.value?.user && <span class="user">{session.value.user}</span>}
        <button
          type="button"
          class="icon-button"
          onClick={nextTheme}
          aria-label={`Theme: ${theme.value}`}
          title={`Theme: ${theme.value} (t)`}
        >
          <Icon name={theme.value === 'dark' ? 'moon' : theme.value === 'light' ? 'sun' : 'auto'} />
        </button>
        <button type="button" class="icon-button" onClick={openHelp} aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">
          ?
        </button>
      </div>
    </header>
  );
}

function Pulse() {
  const { state } = connection.value;
  const text = state === 'live' ? 'Live' : state === 'connecting' ? 'Connecting' : `${durationText(pictureAgeMs.value)} old`;
  return (
    <span class={`pulse pulse-${state}`}>
      <span class="pulse-dot" />
      {text}
    </span>
  );
}

import { ActionDialog } from '../actions/action-dialog.tsx';
import { Tip } from '../components/tip.tsx';
import { connection } from '../live/live.ts';
import { route } from '../routing/location.ts';
import { Announcer } from './announcer.tsx';
import { AwayBanner } from './away-banner.tsx';
import { Content } from './content.tsx';
import { Header } from './header.tsx';
import { HelpDialog } from './help-dialog.tsx';

export function App() {
  const isOld = connection.value.state === 'away' || connection.value.state === 'signedOut';
  return (
    <>
      <button type="button" class="button skip" onClick={() => document.querySelector<HTMLElement>('main h1')?.focus()}>
        Skip to the content
      </button>
      <Header />
      <AwayBanner />
      <main id="main" class={isOld ? 'is-old' : ''}>
        <Content route={route.value} />
      </main>
      <Announcer />
      <Tip />
      <ActionDialog />
      <HelpDialog />
    </>
  );
}

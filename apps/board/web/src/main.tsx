import { render } from 'preact';
import { startLive } from './live/live.ts';
import { startRouting } from './routing/location.ts';
import { App } from './shell/app.tsx';
import { startShortcuts } from './shell/shortcuts.ts';

startRouting();
startShortcuts();
startLive();
render(<App />, document.getElementById('app')!);

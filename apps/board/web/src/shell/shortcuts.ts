import { signal } from '@preact/signals';
import { nextTheme, recall, remember } from '../preferences/theme.ts';
import { goTo } from '../routing/location.ts';
import { hrefs } from '../routing/route.ts';
import { openHelp } from './help.ts';

export const GOALS: Readonly<Record<string, { readonly title: string; readonly href: string }>> = {
  o: { title: 'Overview', href: hrefs.overview },
  s: { title: 'Streams', href: hrefs.streams },
  t: { title: 'Targets', href: hrefs.targets },
  w: { title: 'Workers', href: hrefs.workers },
  d: { title: 'Dead letters', href: hrefs.deadLetters(null) },
  a: { title: 'Audit log', href: hrefs.audit },
};

const KEY = 'sluice.shortcuts';
/** Single keys disturb those who speak to their machine: they can be switched off. */
export const areShortcutsOn = signal(recall(KEY) !== 'off');

export function setShortcuts(isOn: boolean): void {
  areShortcutsOn.value = isOn;
  remember(KEY, isOn ? 'on' : 'off');
}

const CHORD_MS = 1_500;

export function startShortcuts(): void {
  let goingUntil = 0;
  addEventListener('keydown', (event) => {
    if (!areShortcutsOn.value || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]')) return;
    const goal = event.timeStamp < goingUntil ? GOALS[event.key] : undefined;
    goingUntil = event.key === 'g' ? event.timeStamp + CHORD_MS : 0;
    if (goal) return goTo(goal.href);
    if (event.key === '?') openHelp();
    else if (event.key === 't') nextTheme();
    else if (event.key === '/') {
      const filter = document.querySelector<HTMLElement>('[data-filter]');
      if (!filter) return;
      event.preventDefault();
      filter.focus();
    }
  });
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches('input:not([type=checkbox]), select, textarea') || target.isContentEditable);

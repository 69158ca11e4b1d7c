import { useEffect, useState } from 'preact/hooks';
import { onStanding } from '../live/live.ts';

/** Tells a screen reader when how things stand has changed. */
export function Announcer() {
  const [text, setText] = useState('');
  useEffect(() => onStanding(setText), []);
  return (
    <div class="sr-only" role="status" aria-live="polite" data-announcer>
      {text}
    </div>
  );
}

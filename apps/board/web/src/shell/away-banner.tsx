import { Icon } from '../components/icon.tsx';
import { connection, overview, pictureAgeMs } from '../live/live.ts';
import { durationText } from '../model/format.ts';

/** Says that nothing new comes, and how old the picture is. */
export function AwayBanner() {
  const now = connection.value;
  if (now.state !== 'away' && now.state !== 'signedOut') return null;
  const age = overview.value ? ` The picture is ${durationText(pictureAgeMs.value)} old.` : '';
  return (
    <div class="away level-bad" role="alert">
      <Icon name="bad" />
      {now.state === 'signedOut' ? (
        <p>
          <strong>The login has ended.</strong> <a href="./">Sign in again</a>
        </p>
      ) : (
        <p>
          <strong>No answer:</strong> {now.reason}.<span aria-live="off">{age} Trying again by itself.</span>
        </p>
      )}
    </div>
  );
}

import { useState } from 'preact/hooks';
import { LevelIcon } from '../../components/icon.tsx';
import { headline, troubles } from '../../live/live.ts';
import { plural } from '../../model/format.ts';

const SHOWN = 5;

/** Whether all is well, in words, and below it what is not. */
export function HeadlineBlock() {
  const [isOpen, setOpen] = useState(false);
  const { level, title, detail } = headline.value!;
  const all = troubles.value;
  const shown = isOpen ? all : all.slice(0, SHOWN);
  return (
    <section class={`headline level-${level}`} aria-label="How things stand">
      <LevelIcon level={level} />
      <div class="headline-words">
        <h1 tabIndex={-1}>{title}</h1>
        <p>{detail}</p>
      </div>
      {all.length > 0 && (
        <ul class="troubles" aria-label="What needs attention">
          {shown.map((trouble) => (
            <li key={`${trouble.where} ${trouble.what}`} class={`level-${trouble.level}`}>
              <LevelIcon level={trouble.level} />
              <p>
                <a href={trouble.href}>{trouble.where}</a>: <span class="trouble-what">{trouble.what}</span>
                {trouble.reason && <span class="trouble-reason">{trouble.reason}</span>}
              </p>
            </li>
          ))}
          {all.length > SHOWN && (
            <li>
              <button type="button" class="link-button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                {isOpen ? 'Show fewer' : `Show ${plural(all.length - SHOWN, 'other')}`}
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

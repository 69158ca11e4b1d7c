import type { Status } from '../model/status.ts';
import { LevelIcon } from './icon.tsx';

/** What something does, by colour, shape and word. */
export const Badge = ({ status }: { readonly status: Status }) => (
  <span class={`badge level-${status.level}`} title={status.reason}>
    <LevelIcon level={status.level} />
    {status.word}
  </span>
);

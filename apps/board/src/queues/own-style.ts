/** Statuses that no queue of ours has. */
const STATUSES = ['waiting-children', 'prioritized', 'completed', 'delayed', 'paused'];

/** Icons of what {@link queueActions} refuses: to add, copy and edit a job, to pause, limit and obliterate a queue. */
const ICONS = ['plus', 'files', 'pencil', 'pause', 'play', 'chart-no-axes-gantt', 'gauge', 'ban'];

const hide = (selectors: readonly string[]): string => `${selectors.join(',\n')} { display: none; }\n`;

/** Hides of Bull Board what never occurs here and what it may not do. Whatever a later version shows all the same is still refused. */
export const OWN_STYLE = [
  hide(STATUSES.map((status) => `li:has(> a[href$="status=${status}"])`)),
  hide(ICONS.flatMap((icon) => [`main button:has(> svg.lucide-${icon})`, `[role="menuitem"]:has(> svg.lucide-${icon})`])),
].join('');

import type { Level } from '../model/level.ts';

/** Each has a shape of its own, so that nothing is said by colour alone. */
const PATHS = {
  ok: 'M8 1.2a6.8 6.8 0 1 0 0 13.600a6.8 6.8 0 0 0 0-13.600zM4.800 8.300l2.200 2.200 4.300-4.700',
  warn: 'M8 1.800l6.800 12H1.200zM8 6.200v3.600M8 11.700v.2',
  bad: 'M5.200 1.200h5.600l4 4v5.600l-4 4H5.200l-4-4V5.200zM5.700 5.700l4.600 4.600M10.300 5.700l-4.600 4.600',
  note: 'M8 1.200a6.8 6.8 0 1 0 0 13.600a6.8 6.8 0 0 0 0-13.600zM8 7.300v3.900M8 4.700v.2',
  idle: 'M8 1.200a6.8 6.8 0 1 0 0 13.600a6.8 6.8 0 0 0 0-13.600zM6.300 5.500v5M9.700 5.500v5',
  stream: 'M1.500 5c2-1.700 4.300-1.700 6.500 0s4.500 1.700 6.500 0M1.500 10.500c2-1.700 4.300-1.700 6.500 0s4.500 1.700 6.500 0',
  target: 'M8 1.200a6.8 6.8 0 1 0 0 13.600a6.8 6.8 0 0 0 0-13.600zM8 5.200a2.8 2.8 0 1 0 0 5.600a2.8 2.8 0 0 0 0-5.600z',
  function: 'M11.500 2.200c-2-.7-3.200.3-3.600 2.600L6.600 11.500c-.4 2-1.400 2.800-3.100 2.300M5 6.800h5.500',
  sun: 'M8 5a3 3 0 1 0 0 6a3 3 0 0 0 0-6zM8 1v1.500M8 13.500V15M1 8h1.500M13.500 8H15M3 3l1.100 1.100M11.900 11.900L13 13M13 3l-1.100 1.100M4.100 11.900L3 13',
  moon: 'M13.500 9.700A6 6 0 1 1 6.300 2.500a5 5 0 0 0 7.200 7.200z',
  auto: 'M8 1.500a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM8 1.500v13M8 4.500h4.500M8 8h6.300M8 11.500h4.500',
  arrow: 'M3 8h10M9 4l4 4-4 4',
  external: 'M6 3H3v10h10v-3M9 3h4v4M13 3L7.500 8.500',
  search: 'M7 2.200a4.800 4.800 0 1 0 0 9.600a4.800 4.800 0 0 0 0-9.600zM10.600 10.600L14 14',
  close: 'M3.500 3.500l9 9M12.500 3.500l-9 9',
  chevron: 'M6 3.500L10.500 8L6 12.500',
} as const;

export type IconName = keyof typeof PATHS;

/** An ornament beside a text that says the same. */
export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class={`icon icon-${name}`} viewBox="0 0 16 16" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);

export const LevelIcon = ({ level }: { readonly level: Level }) => <Icon name={level} />;

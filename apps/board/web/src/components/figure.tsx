import type { ComponentChildren } from 'preact';
import type { Level } from '../model/level.ts';
import { Sparkline } from './sparkline.tsx';

export interface FigureProps {
  readonly label: string;
  readonly value: string;
  readonly unit?: string;
  readonly note?: ComponentChildren;
  readonly level?: Level;
  readonly trend?: readonly (number | null)[];
  readonly href?: string;
}

/** One number with its name, as a term and its description. */
export const Figure = ({ label, value, unit, note, level = 'ok', trend, href }: FigureProps) => (
  <div class={`figure level-${level}`}>
    <dt>{href ? <a href={href}>{label}</a> : label}</dt>
    <dd>
      <span class={/^[\d<–]/.test(value) ? 'figure-value is-number' : 'figure-value'}>
        {value}
        {unit && <span class="figure-unit"> {unit}</span>}
      </span>
      {note !== undefined && <span class="figure-note">{note}</span>}
    </dd>
    {trend && <Sparkline values={trend} />}
  </div>
);

export const Figures = ({ children }: { readonly children: ComponentChildren }) => <dl class="figures">{children}</dl>;

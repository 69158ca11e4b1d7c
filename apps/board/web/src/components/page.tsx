import type { ComponentChildren } from 'preact';
import type { Status } from '../model/status.ts';
import { Badge } from './badge.tsx';

export interface PageProps {
  readonly title: string;
  /** The pages above it, from the top. */
  readonly trail?: readonly { readonly title: string; readonly href: string }[];
  readonly status?: Status | undefined;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  readonly children: ComponentChildren;
}

/** A page below the overview: where it stands, its name, what can be done there. */
export const Page = ({ title, trail = [], status, note, actions, children }: PageProps) => (
  <div class="page">
    <header class="page-head">
      {trail.length > 0 && (
        <nav class="trail" aria-label="Breadcrumb">
          <ol>
            {trail.map((step) => (
              <li key={step.href}>
                <a href={step.href}>{step.title}</a>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div class="page-title">
        <h1 tabIndex={-1}>{title}</h1>
        {status && <Badge status={status} />}
        {actions && <div class="actions">{actions}</div>}
      </div>
      {note && <p class="page-note">{note}</p>}
    </header>
    {children}
  </div>
);

export interface SectionProps {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly tools?: ComponentChildren;
  readonly children: ComponentChildren;
}

export const Section = ({ title, note, tools, children }: SectionProps) => (
  <section class="section" aria-label={title}>
    <div class="section-head">
      <h2>{title}</h2>
      {note && <p class="section-note">{note}</p>}
      {tools && <div class="section-tools">{tools}</div>}
    </div>
    {children}
  </section>
);

/** What stands where there is nothing yet, or no longer. */
export const Notice = ({ title, children }: { readonly title: string; readonly children?: ComponentChildren }) => (
  <div class="notice">
    <p class="notice-title">{title}</p>
    {children && <p>{children}</p>}
  </div>
);

/** What a full-screen mode shows, and the keys that it takes, apart from any terminal. */
export interface Size {
  readonly rows: number;
  readonly columns: number;
}

export type LineStyle = 'plain' | 'rule' | 'focusedRule' | 'good' | 'bad' | 'warning' | 'muted' | 'highlight';

export interface ScreenLine {
  readonly text: string;
  readonly style: LineStyle;
}

export interface Screen {
  readonly lines: readonly ScreenLine[];
  /** Absent: it is hidden. */
  readonly cursor?: { readonly row: number; readonly column: number };
}

/** A key as `node:readline` names it. */
export interface Key {
  readonly name?: string | undefined;
  readonly sequence?: string | undefined;
  readonly ctrl?: boolean | undefined;
  readonly meta?: boolean | undefined;
  readonly shift?: boolean | undefined;
}

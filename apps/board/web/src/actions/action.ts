/** What can be done, as the dialog offers it. The names and inputs are those of the board's API. */

export interface ActionField {
  readonly name: string;
  readonly label: string;
  readonly kind: 'text' | 'number' | 'choice';
  readonly hint?: string;
  readonly initial?: string;
  readonly choices?: readonly string[];
  readonly isOptional?: boolean;
}

export interface ActionOffer {
  /** Of the API, such as `pause`. */
  readonly name: string;
  /** On the button: `Pause`. */
  readonly verb: string;
  /** Heads the dialog: `Pause ingress flights`. */
  readonly title: string;
  /** What happens, in a sentence or two. */
  readonly about: string;
  readonly fields?: readonly ActionField[];
  /** It takes something away that does not come back. */
  readonly isDanger?: boolean;
  /** @param values what the fields hold */
  readonly input: (values: Readonly<Record<string, string>>) => unknown;
}

/** What a stream can show. */
export interface TerminalStyle {
  /** Somebody is looking, as opposed to a file or another program. */
  readonly isTerminal: boolean;
  /** A terminal with colours, and `NO_COLOR` is not set. */
  readonly color: boolean;
}

export const styleOf = (stream: NodeJS.WriteStream): TerminalStyle => {
  const isTerminal = stream.isTTY === true;
  return { isTerminal, color: isTerminal && stream.hasColors() };
};

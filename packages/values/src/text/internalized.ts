/** The same text as the engine keeps it for names of properties, so that two of them are compared without a look at the characters. */
export const internalized = (text: string): string => Object.keys({ [text]: true })[0]!;

/** Fills the place of an effect until `machine.provide()` names a real one; fails loudly if it never does. */
export const notProvided = (name: string) => (): Promise<never> => Promise.reject(new Error(`actor "${name}" was not provided`));

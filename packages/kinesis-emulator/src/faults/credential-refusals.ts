import type { CredentialFailure, CredentialRefusal } from './fault-settings.ts';

/** Who signed a request, as its headers tell. */
export interface Credentials {
  readonly accessKeyId: string;
  /** Only temporary credentials have one. */
  readonly sessionToken: string | undefined;
}

/** Refuses credentials that are said to be expired or wrong, so that a rotation can be played. */
export class CredentialRefusals {
  #refusals: { readonly refusal: CredentialRefusal; left: number }[] = [];

  set(refusals: readonly CredentialRefusal[]): void {
    this.#refusals = [];
    for (const refusal of refusals) this.add(refusal);
  }

  add(refusal: CredentialRefusal): void {
    this.#refusals.push({ refusal, left: refusal.times ?? Number.POSITIVE_INFINITY });
  }

  /** The error for the next request of these credentials; each answer uses up one of its refusal's `times`. */
  errorFor({ accessKeyId, sessionToken }: Credentials): CredentialFailure | undefined {
    const found = this.#refusals.find(
      ({ refusal, left }) =>
        left > 0 &&
        (refusal.accessKeyId === undefined || refusal.accessKeyId === accessKeyId) &&
        (refusal.sessionToken === undefined || refusal.sessionToken === sessionToken),
    );
    if (!found) return undefined;
    found.left--;
    return found.refusal.error;
  }
}

/** For how long something has done nothing, counted from report to report: noting a sign of life costs one assignment. */
export class Silence {
  seconds = 0;
  #isBroken = true;

  break(): void {
    this.#isBroken = true;
  }

  /** Notes that `seconds` have passed since the last call. */
  pass(seconds: number): void {
    this.seconds = this.#isBroken ? 0 : this.seconds + seconds;
    this.#isBroken = false;
  }
}

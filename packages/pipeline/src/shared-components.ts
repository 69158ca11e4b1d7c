import type { ComponentSettings } from '@sluice/config';
import type { Deliver, Input } from './delivery.ts';
import { dealing } from './stages/dealing.ts';

interface Builders {
  input(settings: ComponentSettings): Input;
  output(settings: ComponentSettings): Deliver;
}

/** The inputs and outputs that a pipeline's file defines as resources, each made when it is named first. */
export class SharedComponents {
  readonly #build: Builders;
  readonly #inputs = new Map<ComponentSettings, Input>();
  readonly #outputs = new Map<ComponentSettings, Deliver>();

  constructor(build: Builders) {
    this.#build = build;
  }

  /** Each message goes to one of the places that read it. */
  input(settings: ComponentSettings): Input {
    const input = this.#inputs.get(settings) ?? dealing(this.#build.input(settings));
    this.#inputs.set(settings, input);
    return input;
  }

  output(settings: ComponentSettings): Deliver {
    const output = this.#outputs.get(settings) ?? this.#build.output(settings);
    this.#outputs.set(settings, output);
    return output;
  }
}

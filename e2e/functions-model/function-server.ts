import { join } from 'node:path';
import { freePort, NodeProcess } from '@sluice/testkit';

export interface ServerFigures {
  readonly requests: number;
  readonly messages: number;
  readonly largestBatch: number;
  readonly failures: number;
}

/** A function server in a process of its own, which can be killed and comes back at the same port. */
export class FunctionServer implements AsyncDisposable {
  readonly url: string;
  readonly #script: string;
  readonly #port: number;
  #process: NodeProcess;
  /** Of lives that were asked before they ended. */
  readonly #past: ServerFigures[] = [];

  private constructor(script: string, port: number) {
    this.#script = script;
    this.#port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#process = this.#spawn();
  }

  /** @param script its file in this folder */
  static async start(script: 'server.main.ts' | 'sdk-server.main.ts'): Promise<FunctionServer> {
    const server = new FunctionServer(script, await freePort());
    await server.#isUp();
    return server;
  }

  /** Crashes, and starts again. */
  async crash(): Promise<void> {
    this.#past.push(await this.#figures());
    await this.#process.kill();
    this.#process = this.#spawn();
    await this.#isUp();
  }

  /** Of all its lives; what a life did between the question and its end is missing. */
  async figures(): Promise<ServerFigures> {
    const lives = [...this.#past, await this.#figures()];
    const sum = (of: (life: ServerFigures) => number) => lives.reduce((total, life) => total + of(life), 0);
    return {
      requests: sum(({ requests }) => requests),
      messages: sum(({ messages }) => messages),
      largestBatch: Math.max(...lives.map(({ largestBatch }) => largestBatch)),
      failures: sum(({ failures }) => failures),
    };
  }

  async #figures(): Promise<ServerFigures> {
    return (await (await fetch(`${this.url}/figures`)).json()) as ServerFigures;
  }

  #spawn(): NodeProcess {
    return new NodeProcess({ script: join(import.meta.dirname, this.#script), args: ['--port', String(this.#port)] });
  }

  async #isUp(): Promise<void> {
    if ((await this.#process.nextLine()) === undefined)
      throw new Error(`${this.#script} did not start: ${this.#process.lastLines.join('\n')}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process.kill();
  }
}

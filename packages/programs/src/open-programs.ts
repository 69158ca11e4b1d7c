import type { Clock, Logger } from '@sluice/core';
import { type Programs, programRefusal } from '@sluice/processors';
import { Children } from './child.ts';
import { Talk } from './conversation.ts';
import { runToEnd } from './run-to-end.ts';

/** Which programs may be run, and how far; a configuration model's own settings fit. */
export interface ProgramsSettings {
  /** Names as a configuration writes them; `*` is any. */
  readonly allowed: readonly string[];
  /** Of a run, or of the answer to a message. */
  readonly timeoutMs: number;
  /** Largest output of a run. */
  readonly maxOutputBytes: number;
}

interface ProgramsPorts {
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface OpenPrograms extends Programs {
  /** Ends every program that runs; what is asked of one later starts it again. */
  close(): Promise<void>;
}

/** Programs of processors. None is started before it is needed, and never by a shell. */
export function openPrograms(settings: ProgramsSettings, ports: ProgramsPorts): OpenPrograms {
  const children = new Children(ports.clock);
  const refusal = (name: string | undefined) => programRefusal(name, settings.allowed);
  return {
    refusal,
    run: async (call, signal) => {
      const problem = refusal(call.name);
      return problem === undefined ? runToEnd(call, { ...settings, ...ports, children, signal }) : { problem };
    },
    open: (conversation) => new Talk(conversation, { ...settings, ...ports, children }),
    close: () => children.endAll(),
  };
}

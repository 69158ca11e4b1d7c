import { unreachableStates } from '@sluice/actor-kit/testing';
import { describe, expect, it } from 'vitest';
import { createActor, fromCallback, fromPromise, toPromise } from 'xstate';
import { type FunctionOutput, functionMachine, type OpenLane } from '../function/function.machine.ts';
import { settled } from '../testing/lane-rig.ts';
import { type EndpointMachineEvent, endpointMachine } from './endpoint.machine.ts';

describe('endpointMachine', () => {
  it('serves each type that is found once, stops them, and then closes its connections', async () => {
    const { actor, calls, find } = endpointOf();
    find('ns/a');
    find('ns/b');
    find('ns/a');
    await settled();
    expect(calls).toEqual(['open ns/a', 'open ns/b']);
    expect(Object.keys(actor.getSnapshot().children)).toEqual(['types', 'function:ns/a', 'function:ns/b']);
    actor.send({ type: 'shutdown.requested' });
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'stopped', error: undefined } satisfies FunctionOutput);
    expect(calls.at(-1)).toBe('close connections');
  });

  it('stops the other functions when one fails, and fails', async () => {
    const bug = new TypeError('a bug');
    const { actor, calls, find } = endpointOf({ 'ns/b': bug });
    find('ns/a');
    find('ns/b');
    await expect(toPromise(actor)).resolves.toEqual({ reason: 'failed', error: bug });
    expect(calls.at(-1)).toBe('close connections');
  });

  it('has no state that nothing leads to', () => {
    expect(unreachableStates(endpointMachine)).toEqual([]);
  });
});

function endpointOf(errors: Readonly<Record<string, Error>> = {}) {
  const calls: string[] = [];
  let send: (event: EndpointMachineEvent) => void = () => {};
  const machine = endpointMachine.provide({
    actors: {
      findTypes: fromCallback<EndpointMachineEvent>(({ sendBack }) => {
        send = sendBack;
      }),
      closeConnections: fromPromise<void>(async () => void calls.push('close connections')),
    },
  });
  const find = (functionType: string) => {
    const logic = functionMachine.provide({
      actors: {
        openFunction: fromPromise<OpenLane>(async () => {
          calls.push(`open ${functionType}`);
          if (errors[functionType]) throw errors[functionType];
          return new Promise<OpenLane>(() => {});
        }),
      },
    });
    send({ type: 'type.found', functionType, logic });
  };
  return { actor: createActor(machine).start(), calls, find };
}

import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** The machine as text, one `from --event [guard]--> to` a line, so a review shows what changed. */
export function transitionTable(machine: AnyStateMachine): string {
  return stateNodes(machine.root)
    .flatMap((node) => [...node.transitions.values(), node.always ?? []].flat())
    .map(({ source, eventType, guard, target }) => {
      const condition = guard ? ` [${typeof guard === 'string' ? guard : (guard as { type: string }).type}]` : '';
      const event = (eventType || 'always').replace(/\.\d+\.\w+\.\w+$|\.\w+\.\w+$/, '');
      return `${source.key} --${event}${condition}--> ${target?.map((node) => node.key).join(', ') ?? 'stays'}`;
    })
    .join('\n');
}

/** States no transition reaches: dead code in the diagram. */
export function unreachableStates(machine: AnyStateMachine): string[] {
  const nodes = stateNodes(machine.root);
  const reached = new Set<AnyStateNode>([machine.root]);
  for (const source of nodes) {
    for (const { target } of [...source.transitions.values(), source.always ?? [], [source.initial]].flat()) {
      for (const node of target ?? []) reached.add(node);
    }
  }
  return nodes.filter((node) => !reached.has(node)).map((node) => node.id);
}

const stateNodes = (node: AnyStateNode): AnyStateNode[] => [node, ...Object.values(node.states).flatMap(stateNodes)];

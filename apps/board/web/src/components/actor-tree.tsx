import type { ActorNode } from '../api/types.ts';
import { durationText } from '../model/format.ts';

/** Below this many, all children are open. */
const OPEN = 12;

/** The actors of a process, each with its machine, its state and since when. */
export const ActorTree = ({ root, now }: { readonly root: ActorNode; readonly now: number }) => (
  <ul class="actors">
    <Actor node={root} now={now} />
  </ul>
);

function Actor({ node, now }: { readonly node: ActorNode; readonly now: number }) {
  const { id, machine, state, since, children } = node;
  const line = (
    <>
      <span class="actor-id">{id}</span>
      {machine !== id && <span class="actor-machine">{machine}</span>}
      <span class="actor-state">{state}</span>
      <span class="actor-since">{durationText(Math.max(0, now - Date.parse(since)))}</span>
    </>
  );
  if (children.length === 0) return <li class="actor">{line}</li>;
  return (
    <li class="actor">
      <details open={children.length <= OPEN}>
        <summary>{line}</summary>
        <ul>
          {children.map((child) => (
            <Actor key={child.id} node={child} now={now} />
          ))}
        </ul>
      </details>
    </li>
  );
}

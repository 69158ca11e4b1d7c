/** First asks for what the action needs, shows what it would do, then does it and shows what was done. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { act } from '../api/client.ts';
import type { ActionPlan } from '../api/types.ts';
import { Icon } from '../components/icon.tsx';
import type { ActionOffer } from './action.ts';
import { currentAction } from './current-action.ts';
import { FieldRow } from './field-row.tsx';

type Step =
  | { readonly at: 'asking'; readonly problem?: string }
  | { readonly at: 'planning' }
  | { readonly at: 'planned'; readonly plan: ActionPlan }
  | { readonly at: 'running'; readonly plan: ActionPlan }
  | { readonly at: 'done'; readonly lines: readonly string[] }
  | { readonly at: 'failed'; readonly problem: string };

export function ActionDialog() {
  const current = currentAction.value;
  // The key starts each action with a dialog of its own.
  return current ? <OpenDialog key={current.offer.title} offer={current.offer} onDone={current.onDone} /> : null;
}

const close = () => {
  currentAction.value = undefined;
};

function OpenDialog({ offer, onDone }: { readonly offer: ActionOffer; readonly onDone: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const fields = offer.fields ?? [];
  const [values, setValues] = useState(() =>
    Object.fromEntries(fields.map(({ name, initial, choices }) => [name, initial ?? choices?.[0] ?? ''])),
  );
  const [step, setStep] = useState<Step>({ at: fields.length > 0 ? 'asking' : 'planning' });

  const plan = async () => {
    setStep({ at: 'planning' });
    try {
      setStep({ at: 'planned', plan: (await act(offer.name, offer.input(values), true)).plan });
    } catch (error) {
      const problem = (error as Error).message;
      setStep(fields.length > 0 ? { at: 'asking', problem } : { at: 'failed', problem });
    }
  };
  const run = async (planned: ActionPlan) => {
    setStep({ at: 'running', plan: planned });
    try {
      const { lines = [] } = await act(offer.name, offer.input(values), false);
      setStep({ at: 'done', lines });
      onDone();
    } catch (error) {
      setStep({ at: 'failed', problem: (error as Error).message });
    }
  };

  // Before the next key is pressed: it must meet the dialog, not the page.
  useLayoutEffect(() => {
    dialog.current!.showModal();
    if (fields.length === 0) void plan();
  }, []);

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="action-title" onClose={close}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (step.at === 'asking') void plan();
          if (step.at === 'planned') void run(step.plan);
        }}
      >
        <h2 id="action-title">{offer.title}</h2>
        <p class="dialog-about">{offer.about}</p>
        {step.at === 'asking' &&
          fields.map((field) => (
            <FieldRow
              key={field.name}
              field={field}
              value={values[field.name] ?? ''}
              onInput={(value) => setValues({ ...values, [field.name]: value })}
            />
          ))}
        <div class="dialog-state" role="status">
          <StepText step={step} />
        </div>
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={() => dialog.current!.close()}>
            {step.at === 'done' || step.at === 'failed' ? 'Close' : 'Cancel'}
          </button>
          {(step.at === 'asking' || step.at === 'planning') && (
            <button type="submit" class="button button-primary" disabled={step.at === 'planning'}>
              Show what it would do
            </button>
          )}
          {(step.at === 'planned' || step.at === 'running') && (
            <button
              type="submit"
              class={`button ${offer.isDanger ? 'button-danger-solid' : 'button-primary'}`}
              disabled={step.at === 'running' || !step.plan.changes}
            >
              {offer.verb}
            </button>
          )}
        </div>
      </form>
    </dialog>
  );
}

function StepText({ step }: { readonly step: Step }) {
  switch (step.at) {
    case 'asking':
      return step.problem ? <Problem text={step.problem} /> : null;
    case 'planning':
      return <p class="muted">Looking at what it would do…</p>;
    case 'planned':
      return <Lines title={step.plan.changes ? 'It would:' : 'Nothing to do:'} lines={step.plan.lines} />;
    case 'running':
      return <p class="muted">Working. This may take a while where workers finish what they have in hand…</p>;
    case 'done':
      return <Lines title="Done" lines={step.lines} isDone />;
    case 'failed':
      return <Problem text={step.problem} />;
  }
}

const Problem = ({ text }: { readonly text: string }) => (
  <p class="problem level-bad">
    <Icon name="bad" /> {text}
  </p>
);

const Lines = ({ title, lines, isDone }: { readonly title: string; readonly lines: readonly string[]; readonly isDone?: boolean }) => (
  <div class={isDone ? 'plan level-ok' : 'plan'}>
    <p class="plan-title">
      {isDone && <Icon name="ok" />} {title}
    </p>
    <ul>
      {lines.map((line, index) => (
        <li key={index}>{line}</li>
      ))}
    </ul>
  </div>
);

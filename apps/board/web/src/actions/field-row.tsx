import type { ActionField } from './action.ts';

export interface FieldRowProps {
  readonly field: ActionField;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

export function FieldRow({ field, value, onInput }: FieldRowProps) {
  const id = `field-${field.name}`;
  const common = {
    ...{ id, name: field.name, value, required: !field.isOptional },
    'aria-describedby': field.hint ? `${id}-hint` : undefined,
    onInput: (event: { currentTarget: { value: string } }) => onInput(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>
        {field.label}
        {field.isOptional && <span class="muted"> (optional)</span>}
      </label>
      {field.kind === 'choice' ? (
        <select {...common}>
          {field.choices?.map((choice) => (
            <option key={choice} value={choice}>
              {choice}
            </option>
          ))}
        </select>
      ) : (
        <input
          type="text"
          inputMode={field.kind === 'number' ? 'numeric' : 'text'}
          pattern={field.kind === 'number' ? '[0-9]{1,5}' : undefined}
          autocomplete="off"
          {...common}
        />
      )}
      {field.hint && (
        <p id={`${id}-hint`} class="muted">
          {field.hint}
        </p>
      )}
    </div>
  );
}

import { signal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

const tip = signal<{ readonly text: string; readonly at: DOMRect } | undefined>(undefined);

export const showTip = (element: Element, text: string): void => {
  tip.value = { text, at: element.getBoundingClientRect() };
};

export const hideTip = (): void => {
  tip.value = undefined;
};

const GAP = 8;

/** One tip for the whole page, beside what the pointer or the focus is on. A screen reader has the same text as the element's name. */
export function Tip() {
  const box = useRef<HTMLDivElement>(null);
  const shown = tip.value;
  useLayoutEffect(() => {
    if (!shown || !box.current) return;
    const { width, height } = box.current.getBoundingClientRect();
    const left = shown.at.left + shown.at.width / 2 - width / 2;
    const above = shown.at.top - height - GAP;
    box.current.style.left = `${Math.max(GAP, Math.min(left, innerWidth - width - GAP))}px`;
    box.current.style.top = `${above > GAP ? above : shown.at.bottom + GAP}px`;
  });
  return shown ? (
    <div ref={box} class="tip" aria-hidden="true">
      {shown.text}
    </div>
  ) : null;
}

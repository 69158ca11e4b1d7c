import type { ReadStream, WriteStream } from 'node:tty';
import { systemClock, toErrorReport } from '@sluice/core';
import type { Operator } from '@sluice/operator';
import { FullScreen } from '../terminal/full-screen.ts';
import type { Key } from '../terminal/screen.ts';
import { readPicture } from './read-picture.ts';
import { type Outage, renderTop } from './top-screen.ts';
import { pressTopKey, type TopState, topState } from './top-state.ts';
import type { Picture } from './view.ts';

export interface TopOptions {
  readonly everyMs: number;
  readonly input: ReadStream;
  readonly output: WriteStream;
}

/** Shows the installation until a person leaves. While Redis is away the last picture stays, and says so. */
export async function runTop(operator: Operator, { everyMs, input, output }: TopOptions): Promise<void> {
  const { promise: left, resolve, reject } = Promise.withResolvers<void>();
  let state = topState();
  let picture: Picture | undefined;
  let failure: { readonly message: string; readonly sinceMs: number } | undefined;
  let isReading = false;
  let isWantedAgain = false;

  const outage = (): Outage | undefined => failure && { message: failure.message, forMs: systemClock.monotonic() - failure.sinceMs };
  const draw = (): void => {
    try {
      const { screen: shown, scroll } = renderTop(state, picture, outage(), terminal.size);
      state = { ...state, scroll };
      terminal.show(shown);
    } catch (error) {
      reject(error);
    }
  };
  const read = async (): Promise<void> => {
    isWantedAgain = isReading;
    if (isReading) return;
    isReading = true;
    try {
      picture = await readPicture(operator, state.view);
      failure = undefined;
    } catch (error) {
      failure = { message: toErrorReport(error).message, sinceMs: failure?.sinceMs ?? systemClock.monotonic() };
    }
    isReading = false;
    if (state.isOver) return;
    draw();
    if (isWantedAgain) void read();
  };
  const enter = (next: TopState): void => {
    const isOtherView = next.view !== state.view;
    state = next;
    if (state.isOver) resolve();
    else draw();
    if (isOtherView) void read();
  };
  const press = (key: Key): void => enter(pressTopKey(state, key));

  using terminal = new FullScreen(input, output, press, draw);
  const leave = (): void => press({ name: 'c', ctrl: true });
  const timer = setInterval(() => void read(), everyMs);
  process.once('SIGTERM', leave);
  try {
    draw();
    void read();
    await left;
  } finally {
    clearInterval(timer);
    process.off('SIGTERM', leave);
  }
}

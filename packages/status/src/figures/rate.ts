/** Of so many in so many seconds, to the hundredth: reports are read by people and sent by the hundred. */
export const perSecond = (count: number, seconds: number): number => Math.round((count / seconds) * 100) / 100;

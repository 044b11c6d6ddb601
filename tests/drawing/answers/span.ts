// The time that is drawn, in seconds.

export interface Span {
  start: number;
  end: number;
  /** From one point of a line to the next. */
  step: number;
}

/** As many points as a panel has room for. */
const POINTS = 300;

/** The last minutes; points lie on whole steps, so that ranges that overlap have them in common. */
export function lastMinutes(minutes: number, now: number): Span {
  const step = Math.max(1, Math.ceil((minutes * 60) / POINTS));
  const end = Math.floor(now / step) * step;
  return { start: end - minutes * 60, end, step };
}

// Cumulative buckets over time → how much came into each.

import type { NamedSeries } from "./answer";
import { number } from "./prometheus";
import type { Span } from "./span";

export interface Buckets {
  /** From the lowest to the highest, which may be infinite. */
  bounds: number[];
  columns: Column[];
  /** The largest value of all. */
  most: number;
}

export interface Column {
  time: number;
  /** For each bucket, none where nothing was measured. */
  values: (number | undefined)[];
}

/** Buckets of so many columns at most, each the average of what it covers. */
export function buckets(
  series: readonly Pick<NamedSeries, "labels" | "samples">[],
  { start, end }: Pick<Span, "start" | "end">,
  count: number,
): Buckets {
  const sorted = series
    .filter(({ labels }) => labels.le !== undefined)
    .map(({ labels, samples }) => ({ bound: number([0, labels.le ?? ""]), samples }))
    .sort((a, b) => a.bound - b.bound);
  const width = (end - start) / count;
  const cumulative = sorted.map(({ samples }) => {
    const sums = Array.from({ length: count }, () => ({ sum: 0, count: 0 }));
    for (const sample of samples) {
      const at = sums[Math.min(count - 1, Math.floor((sample[0] - start) / width))];
      const value = number(sample);
      if (!at || !Number.isFinite(value)) continue;
      at.sum += value;
      at.count += 1;
    }
    return sums.map(({ sum, count }) => (count > 0 ? sum / count : undefined));
  });
  const columns = Array.from({ length: count }, (_, at) => ({
    time: start + at * width,
    values: cumulative.map((bucket, row) => {
      const value = bucket[at];
      // Averages of what was scraped at different times may be a little off.
      return value === undefined ? value : Math.max(0, value - (cumulative[row - 1]?.[at] ?? 0));
    }),
  }));
  const most = Math.max(0, ...columns.flatMap(({ values }) => values.map((value) => value ?? 0)));
  return { bounds: sorted.map(({ bound }) => bound), columns, most };
}

import assert from "node:assert/strict";
import { test } from "node:test";

import { buckets } from "./buckets";
import type { Sample } from "./prometheus";

function bucket(le: string, ...values: string[]) {
  return { labels: { le }, samples: values.map((value, time): Sample => [time, value]) };
}

test("each bucket has what the ones below have not", () => {
  const series = [bucket("+Inf", "4", "6"), bucket("0.5", "1", "1"), bucket("10", "3", "3")];
  const { bounds, columns, most } = buckets(series, { start: 0, end: 2 }, 2);
  assert.deepEqual(bounds, [0.5, 10, Infinity]);
  assert.deepEqual(
    columns.map(({ values }) => values),
    [
      [1, 2, 1],
      [1, 2, 3],
    ],
  );
  assert.equal(most, 3);
});

test("a column is the average of what it covers, and empty where nothing is", () => {
  const series = [bucket("1", "1", "3", "NaN")];
  const { columns } = buckets(series, { start: 0, end: 4 }, 2);
  assert.deepEqual(
    columns.map(({ time, values }) => [time, ...values]),
    [
      [0, 2],
      [2, undefined],
    ],
  );
});

import assert from "node:assert/strict";
import { test } from "node:test";

import type { Panel } from "./dashboard";
import { box, expanded, height } from "./layout";

function panel(title: string, y: number, h: number, panels: Panel[] = []): Panel {
  return { type: h === 1 ? "row" : "stat", title, gridPos: { x: 0, y, w: 24, h }, panels };
}

/** Titles and where they stand, from top to bottom. */
function check(panels: Panel[], expected: string[]) {
  const placed = expanded(panels).map(({ panel, place }) => `${panel.title} ${place.y}`);
  assert.deepEqual(placed, expected);
}

test("nothing hidden, nothing moved", () => {
  check([panel("below", 4, 8), panel("above", 0, 4)], ["above 0", "below 4"]);
});

test("what a row hides pushes down what is below", () => {
  const panels = [
    panel("first row", 0, 1, [panel("b", 9, 4), panel("a", 1, 8)]),
    panel("second row", 1, 1, [panel("c", 2, 8)]),
    panel("third row", 2, 1),
    panel("d", 3, 8),
  ];
  const expected = ["first row 0", "a 1", "b 9", "second row 13", "c 14", "third row 22", "d 23"];
  check(panels, expected);
});

test("places of hidden panels count from their row, wherever the file has them", () => {
  check([panel("row", 5, 1, [panel("a", 90, 8)]), panel("b", 6, 8)], ["row 5", "a 6", "b 14"]);
});

test("neighbours meet, and all of it is in the picture", () => {
  const left = box({ x: 0, y: 0, w: 12, h: 8 });
  const right = box({ x: 12, y: 0, w: 12, h: 8 });
  const below = box({ x: 0, y: 8, w: 24, h: 4 });
  assert.equal(left.left + left.width + 8, right.left);
  assert.equal(left.top + left.height + 8, below.top);
  assert.equal(right.left + right.width, below.left + below.width);
  const all = expanded([panel("a", 0, 8), panel("b", 8, 4)]);
  assert.ok(height(all) > below.top + below.height);
});

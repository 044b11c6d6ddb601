import assert from "node:assert/strict";
import { test } from "node:test";

import { legend } from "./legend";

const LABELS = { __name__: "records_total", topic: "orders", group: 'a "b"' };

test("labels become their values, absent ones nothing", () => {
  assert.equal(legend("{{topic}} of {{ group }}{{partition}}", LABELS), 'orders of a "b"');
});

test("without a legend it is the series", () => {
  const series = 'records_total{topic="orders", group="a \\"b\\""}';
  assert.equal(legend(undefined, LABELS), series);
  assert.equal(legend("__auto", LABELS), series);
  assert.equal(legend("", {}), "Value");
});

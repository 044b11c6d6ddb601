import assert from "node:assert/strict";
import { test } from "node:test";

import { substituted, variables } from "./variable";

const DASHBOARD = {
  uid: "sample",
  title: "Sample",
  panels: [],
  templating: {
    list: [
      { name: "topic", type: "query", allValue: ".+" },
      { name: "group", type: "query", allValue: null },
      { name: "where", type: "constant", query: "here" },
    ],
  },
};

function check(text: string, expected: string, span = { start: 0, end: 300, step: 1 }) {
  assert.equal(substituted(text, variables(DASHBOARD, span)), expected);
}

test("everything is selected", () => {
  check('a{topic=~"$topic", group=~"${group}"}', 'a{topic=~".+", group=~".+"}');
  check('a{topic=~"${topic:regex}", group=~"[[group]]"}', 'a{topic=~".+", group=~".+"}');
});

test("a constant is what it is", () => check("$where", "here"));

test("what is not known stays", () => check("rate(a[$__rate])", "rate(a[$__rate])"));

test("a longer name is not a shorter one", () => check("$topics", "$topics"));

test("what is not a name stays", () => check('a{b=~"x$"}', 'a{b=~"x$"}'));

test("a rate is taken over several points", () => {
  check("[$__rate_interval] [$__interval] [$__range]", "[30s] [1s] [300s]");
  const hour = { start: 0, end: 3600, step: 12 };
  check("[$__rate_interval] [$__interval] [${__range}]", "[48s] [12s] [3600s]", hour);
});

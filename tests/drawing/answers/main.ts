// Asks a Prometheus what dashboards ask, and writes a page for each that a browser draws.
//
// On standard output is a line of JSON for each dashboard, on standard error everything wrong with
// what was answered. It ends with 1 when anything is, with 2 when it could not ask.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";

import { type Answered, answered } from "./answer";
import type { Dashboard } from "./dashboard";
import { findings } from "./finding";
import { height, WIDTH } from "./layout";
import { Prometheus } from "./prometheus";
import { lastMinutes } from "./span";

async function main(): Promise<number> {
  const { values, positionals: files } = parseArgs({
    allowPositionals: true,
    options: {
      from: { type: "string", default: "http://127.0.0.1:9090" },
      minutes: { type: "string", default: "5" },
      pages: { type: "string", default: "." },
    },
  });
  const { from, minutes, pages } = values;
  const prometheus = new Prometheus(from);
  const span = lastMinutes(Number(minutes), Date.now() / 1000);
  mkdirSync(pages, { recursive: true });
  let isRight = true;
  for (const file of files) {
    const name = basename(file, ".json");
    const dashboard = JSON.parse(readFileSync(file, "utf8")) as Dashboard;
    const answers = await answered(name, dashboard, prometheus, span);
    writeFileSync(join(pages, `${name}.html`), page(answers));
    console.log(JSON.stringify(summary(answers)));
    for (const finding of findings(answers)) {
      isRight = false;
      console.error(`error: ${finding}`);
    }
  }
  return isRight ? 0 : 1;
}

function summary({ name, panels }: Answered) {
  const answers = panels.flatMap(({ answers }) => answers);
  return {
    name,
    width: WIDTH,
    height: height(panels),
    panels: panels.filter(({ panel }) => panel.type !== "row").length,
    queries: answers.length,
    series: answers.reduce((count, { series }) => count + series.length, 0),
  };
}

/** A page beside the program that draws it. */
function page(answers: Answered): string {
  // No text of a dashboard can end the element that holds it.
  const data = JSON.stringify(answers).replaceAll("<", "\\u003c");
  return `<!doctype html>
<meta charset="utf-8">
<title>${answers.name}</title>
<link rel="stylesheet" href="page.css">
<body>
<script type="application/json" id="answers">${data}</script>
<script src="page.js"></script>
`;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const why = error instanceof Error && error.cause ? `${error.message}: ${error.cause}` : error;
    console.error(`error: ${why}`);
    process.exitCode = 2;
  },
);

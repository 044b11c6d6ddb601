// What a line is called.

import type { Labels } from "./prometheus";

/** A legend as Grafana's Prometheus makes it: `{{label}}` is its value, or nothing. */
export function legend(format: string | undefined, labels: Labels): string {
  if (!format || format === "__auto") return series(labels);
  return format.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, label: string) => labels[label] ?? "");
}

/** A series as PromQL selects it. */
function series({ __name__: name, ...labels }: Labels): string {
  const matcher = ([label, value]: [string, string]) => `${label}=${JSON.stringify(value)}`;
  const matchers = Object.entries(labels).map(matcher).join(", ");
  const selected = matchers === "" ? "" : `{${matchers}}`;
  return `${name ?? ""}${selected}` || "Value";
}

// Variables of a dashboard, and what stands for them while it is drawn: everything is selected.

import type { Dashboard } from "./dashboard";
import type { Span } from "./span";

/** What Prometheus is asked by where a dashboard asks for any value. */
const ANY = ".+";

/** No rate is taken over less, so that lines of a short load are no noise. */
const RATE_SECONDS = 30;

/** Each variable of a dashboard and of Grafana itself, by name. */
export function variables(dashboard: Dashboard, span: Span): Map<string, string> {
  const known = new Map<string, string>();
  for (const { name, type, query, allValue } of dashboard.templating?.list ?? []) {
    const isText = type === "constant" || type === "textbox";
    known.set(name, isText ? String(query ?? "") : allValue || ANY);
  }
  const range = span.end - span.start;
  known.set("__interval", `${span.step}s`);
  known.set("__rate_interval", `${Math.max(RATE_SECONDS, 4 * span.step)}s`);
  known.set("__range", `${range}s`);
  known.set("__range_s", `${range}`);
  return known;
}

/** `$name`, `${name}`, `${name:format}` and `[[name]]`. */
const MENTION = /\$\{(\w+)(?::\w+)?\}|\$(\w+)|\[\[(\w+)\]\]/g;

/** A text with its variables replaced; unknown ones stay, for Prometheus to complain about. */
export function substituted(text: string, known: ReadonlyMap<string, string>): string {
  return text.replace(
    MENTION,
    (mention: string, braced?: string, bare?: string, bracketed?: string) =>
      known.get(braced ?? bare ?? bracketed ?? "") ?? mention,
  );
}

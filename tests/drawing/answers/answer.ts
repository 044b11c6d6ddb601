// What Prometheus says to each query of each panel.

import type { Dashboard, Target } from "./dashboard";
import { legend } from "./legend";
import { expanded, type Placed } from "./layout";
import { type Prometheus, Refused, type Series } from "./prometheus";
import type { Span } from "./span";
import { substituted, variables } from "./variable";

/** A dashboard with everything that its picture shows. */
export interface Answered {
  name: string;
  dashboard: Dashboard;
  span: Span;
  panels: AnsweredPanel[];
}

export interface AnsweredPanel extends Placed {
  answers: Answer[];
}

export interface Answer {
  target: Target;
  /** As Prometheus was asked, without variables. */
  query: string;
  isInstant: boolean;
  series: NamedSeries[];
  /** Why there are none. */
  refusal?: string;
}

export interface NamedSeries extends Series {
  legend: string;
}

/** Asks everything that a dashboard asks. */
export async function answered(
  name: string,
  dashboard: Dashboard,
  prometheus: Prometheus,
  span: Span,
): Promise<Answered> {
  const known = variables(dashboard, span);
  const panels = expanded(dashboard.panels).map(async (placed) => {
    const targets = (placed.panel.targets ?? []).filter(({ hide }) => !hide);
    const answers = targets.map((target) => answer(target, known, prometheus, span));
    return { ...placed, answers: await Promise.all(answers) };
  });
  return { name, dashboard, span, panels: await Promise.all(panels) };
}

async function answer(
  target: Target,
  known: ReadonlyMap<string, string>,
  prometheus: Prometheus,
  span: Span,
): Promise<Answer> {
  const query = substituted(target.expr, known);
  const isInstant = target.instant === true && target.range !== true;
  const asked = { target, query, isInstant };
  try {
    const series = isInstant
      ? await prometheus.instant(query, span.end)
      : await prometheus.range(query, span);
    const format = substituted(target.legendFormat ?? "", known);
    const named = series.map((one) => ({ ...one, legend: legend(format, one.labels) }));
    return { ...asked, series: named };
  } catch (error) {
    if (error instanceof Refused) return { ...asked, series: [], refusal: error.message };
    throw error;
  }
}

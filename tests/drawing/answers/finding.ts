// What is wrong with a panel: nobody can see anything in it, or tell its lines apart.

import type { Answer, Answered, AnsweredPanel } from "./answer";
import { panelName } from "./dashboard";
import { number } from "./prometheus";

/** Everything wrong with a dashboard, a text each. */
export function findings({ name, panels }: Answered): string[] {
  return panels.flatMap((answered) => {
    const place = `dashboard \`${name}\`, panel \`${panelName(answered.panel)}\``;
    const ofQueries = answered.answers.flatMap((answer) => {
      const wrong = wrongAnswer(answer);
      const query = answer.query.replaceAll("\n", "\n    ");
      return wrong ? [`${place}, query \`${answer.target.refId}\`: ${wrong}\n    ${query}`] : [];
    });
    return [...ofQueries, ...equalLegends(answered).map((wrong) => `${place}: ${wrong}`)];
  });
}

function wrongAnswer({ series, refusal }: Answer): string | undefined {
  if (refusal !== undefined) return `refused: ${refusal}`;
  if (series.length === 0) return "no series";
  const samples = series.flatMap(({ samples }) => samples);
  return samples.some((sample) => Number.isFinite(number(sample)))
    ? undefined
    : "no value is finite";
}

/** Rows of a table have columns to tell them apart; lines have only their legends. */
function equalLegends({ answers }: AnsweredPanel): string[] {
  const queries = new Map<string, string[]>();
  for (const { target, series } of answers) {
    if (target.format === "table") continue;
    for (const { legend } of series) {
      queries.set(legend, [...(queries.get(legend) ?? []), target.refId]);
    }
  }
  const equal = [...queries].filter(([, refIds]) => refIds.length > 1);
  return equal.map(([legend, refIds]) => {
    const of = [...new Set(refIds)].map((refId) => `\`${refId}\``).join(", ");
    return `${refIds.length} series have the legend \`${legend}\`, query ${of}`;
  });
}

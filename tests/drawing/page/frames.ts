// Answers → Grafana's data frames, as its Prometheus data source makes them.

import { type DataFrame, FieldType, toDataFrame } from "@grafana/data";

import type { Answer, AnsweredPanel, NamedSeries } from "../answers/answer";
import { number } from "../answers/prometheus";
import type { Span } from "../answers/span";

export function frames({ answers }: AnsweredPanel, span: Span): DataFrame[] {
  return answers.flatMap((answer) =>
    answer.target.format === "table"
      ? [table(answer, answers.length)]
      : answer.series.map((series) => line(answer, series, span)),
  );
}

/** A frame for each series: times and values. */
function line({ target }: Answer, series: NamedSeries, { step }: Span): DataFrame {
  const { legend, labels, samples } = series;
  return toDataFrame({
    refId: target.refId,
    name: legend,
    fields: [
      {
        name: "Time",
        type: FieldType.time,
        // Where a point is missing, the line has a gap.
        config: { interval: step * 1000 },
        values: samples.map(([time]) => time * 1000),
      },
      {
        name: "Value",
        type: FieldType.number,
        labels,
        config: { displayNameFromDS: legend },
        values: samples.map(value),
      },
    ],
  });
}

/** One frame for all series: a row for each, a column for each label. */
function table({ target, series }: Answer, queries: number): DataFrame {
  const rows = series.flatMap(({ labels, samples }) =>
    samples.map((sample) => ({ labels, sample })),
  );
  const labels = [...new Set(series.flatMap((one) => Object.keys(one.labels)))].sort();
  return toDataFrame({
    refId: target.refId,
    fields: [
      {
        name: "Time",
        type: FieldType.time,
        config: {},
        values: rows.map(({ sample: [time] }) => time * 1000),
      },
      ...labels.map((label) => ({
        name: label,
        type: FieldType.string,
        config: {},
        values: rows.map((row) => row.labels[label] ?? ""),
      })),
      {
        name: queries > 1 ? `Value #${target.refId}` : "Value",
        type: FieldType.number,
        config: {},
        values: rows.map(({ sample }) => value(sample)),
      },
    ],
  });
}

function value(sample: Parameters<typeof number>[0]): number | null {
  const value = number(sample);
  // Grafana draws nothing where a value is not a number.
  return Number.isNaN(value) ? null : value;
}

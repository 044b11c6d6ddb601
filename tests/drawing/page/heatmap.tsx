// A distribution over time: our own, since Grafana does not ship its heatmap.

import {
  dateTimeFormat,
  formattedValueToString,
  getValueFormat,
  type GrafanaTheme2,
} from "@grafana/data";

import { type Buckets, buckets } from "../answers/buckets";
import type { Content } from "./content";

const COLUMN = 9;
const AXIS = { left: 64, bottom: 22 };
const LEGEND = 22;
/** Seconds from one time on the axis to the next. */
const STEPS = [10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400];
/** From few to many, over the panel's dark ground. */
const COLORS = ["#3b1f0b", "#a63603", "#fd8d3c", "#feedde"];

export function HeatmapContent(content: Content) {
  const { answers, panel, span, theme, width, height } = content;
  const series = answers.flatMap(({ series }) => series);
  const columns = Math.max(1, Math.floor((width - AXIS.left) / COLUMN));
  const found = buckets(series, span, columns);
  const plot = {
    width: width - AXIS.left,
    height: height - AXIS.bottom - LEGEND,
  };
  const axis = panel.options?.yAxis as { unit?: string } | undefined;
  const unit = axis?.unit ?? (panel.fieldConfig?.defaults.unit as string | undefined) ?? "short";
  return (
    <svg width={width} height={height} className="heatmap">
      <g transform={`translate(${AXIS.left}, 4)`}>
        <Cells buckets={found} {...plot} />
        <Bounds bounds={found.bounds} unit={unit} theme={theme} {...plot} />
        <Times content={content} {...plot} />
      </g>
      <Legend most={found.most} theme={theme} top={height - LEGEND + 6} />
    </svg>
  );
}

interface Size {
  width: number;
  height: number;
}

function Cells({ buckets, width, height }: { buckets: Buckets } & Size) {
  const { bounds, columns, most } = buckets;
  const cell = { width: width / columns.length, height: height / bounds.length };
  return columns.map(({ time, values }, column) =>
    values.map((value, row) =>
      value ? (
        <rect
          key={`${time} ${bounds[row]}`}
          x={column * cell.width}
          y={height - (row + 1) * cell.height}
          width={Math.max(1, cell.width - 1)}
          height={Math.max(1, cell.height - 1)}
          fill={color(value / most)}
        />
      ) : null,
    ),
  );
}

/** Each bound stands at its bucket’s upper edge; where they are too close, every second or so. */
function Bounds({ bounds, unit, theme, height }: BoundsProps) {
  const format = getValueFormat(unit);
  const row = height / bounds.length;
  const every = Math.max(1, Math.ceil(14 / row));
  return bounds.map((bound, at) =>
    (bounds.length - 1 - at) % every === 0 ? (
      <text
        key={bound}
        x={-8}
        y={height - (at + 1) * row + 4}
        textAnchor="end"
        dominantBaseline="middle"
        fill={theme.colors.text.primary}
      >
        {Number.isFinite(bound) ? formattedValueToString(format(bound)) : "+Inf"}
      </text>
    ) : null,
  );
}

interface BoundsProps extends Size {
  bounds: number[];
  unit: string;
  theme: GrafanaTheme2;
}

/** Whole steps of time, of which there is room for so many. */
function Times({ content: { span, theme }, width, height }: { content: Content } & Size) {
  const seconds = span.end - span.start;
  const step = STEPS.find((step) => (seconds / step) * 90 < width) ?? seconds;
  const first = Math.ceil(span.start / step) * step;
  const count = Math.floor((span.end - first) / step) + 1;
  return Array.from({ length: count }, (_, at) => {
    const time = first + at * step;
    return (
      <text
        key={time}
        x={((time - span.start) / seconds) * width}
        y={height + 16}
        textAnchor="middle"
        fill={theme.colors.text.primary}
      >
        {dateTimeFormat(time * 1000, { format: "HH:mm:ss", timeZone: "utc" })}
      </text>
    );
  });
}

function Legend({ most, theme, top }: { most: number; theme: GrafanaTheme2; top: number }) {
  const steps = 24;
  const width = 6;
  const text = { y: top + 9, fill: theme.colors.text.secondary };
  return (
    <g>
      <text x={AXIS.left} {...text}>
        0
      </text>
      {Array.from({ length: steps }, (_, at) => (
        <rect
          key={at}
          x={AXIS.left + 14 + at * width}
          y={top}
          width={width}
          height={10}
          fill={color((at + 1) / steps)}
        />
      ))}
      <text x={AXIS.left + 22 + steps * width} {...text}>
        {formattedValueToString(getValueFormat("short")(most))} per second and bucket
      </text>
    </g>
  );
}

/** The colour of a part of the most. */
function color(part: number): string {
  const at = Math.min(1, Math.max(0, part)) * (COLORS.length - 1);
  const below = Math.min(COLORS.length - 2, Math.floor(at));
  const percent = Math.round((at - below) * 100);
  return `color-mix(in srgb, ${COLORS[below + 1]} ${percent}%, ${COLORS[below]})`;
}

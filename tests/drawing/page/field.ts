// What a panel says of its fields, applied to frames by Grafana's own rules.
//
// Grafana's registry of field properties is a part of its application. Ours knows the properties
// that a panel mentions.

import {
  applyFieldOverrides,
  cacheFieldDisplayNames,
  type DataFrame,
  type Field,
  type FieldConfigPropertyItem,
  FieldConfigOptionsRegistry,
  type FieldConfigSource,
  FieldType,
  type GrafanaTheme2,
} from "@grafana/data";

import type { Panel } from "../answers/dashboard";

/** What a panel's type says where the panel says nothing. */
const GREEN_UNTIL_80 = {
  mode: "absolute",
  steps: [
    { color: "green", value: null },
    { color: "red", value: 80 },
  ],
};
const LINES = {
  axisPlacement: "auto",
  drawStyle: "line",
  fillOpacity: 0,
  gradientMode: "none",
  hideFrom: { legend: false, tooltip: false, viz: false },
  lineInterpolation: "linear",
  lineWidth: 1,
  pointSize: 5,
  scaleDistribution: { type: "linear" },
  showPoints: "auto",
  spanNulls: false,
  stacking: { group: "A", mode: "none" },
  thresholdsStyle: { mode: "off" },
};
const CELLS = { align: "auto", cellOptions: { type: "auto" }, filterable: false, inspect: false };
const COLORS: Record<string, string> = { timeseries: "palette-classic" };
const CUSTOM: Record<string, object> = { timeseries: LINES, table: CELLS };

/** The configuration of a panel's fields, with what it leaves out. */
export function fieldConfig({ type, fieldConfig }: Panel): FieldConfigSource {
  const { defaults = {}, overrides = [] } = fieldConfig ?? {};
  const custom = { ...CUSTOM[type], ...(defaults.custom as object | undefined) };
  const color = { mode: COLORS[type] ?? "thresholds" };
  const complete = { color, thresholds: GREEN_UNTIL_80, ...defaults, custom };
  // The JSON is Grafana's own model, which its types judge in the tests.
  return { defaults: complete, overrides } as unknown as FieldConfigSource;
}

/** Frames whose fields have their configuration and say how their values are written. */
export function configured(data: DataFrame[], panel: Panel, theme: GrafanaTheme2): DataFrame[] {
  const config = fieldConfig(panel);
  const frames = applyFieldOverrides({
    data,
    fieldConfig: config,
    fieldConfigRegistry: registry(config),
    replaceVariables: (text) => text,
    theme,
    timeZone: "utc",
  });
  // Tables head their columns with what is kept here.
  cacheFieldDisplayNames(frames);
  return frames;
}

function registry({ defaults, overrides }: FieldConfigSource): FieldConfigOptionsRegistry {
  const { custom, ...standard } = defaults;
  const ids = new Set([
    ...Object.keys(standard),
    ...Object.keys(custom).map((path) => `custom.${path}`),
    ...overrides.flatMap(({ properties }) => properties.map(({ id }) => id)),
  ]);
  return new FieldConfigOptionsRegistry(() => [...ids].map(property));
}

const NUMERIC = new Set(["unit", "min", "max", "decimals", "thresholds", "color"]);
const NOBODY_EDITS = () => null;

function property(id: string): FieldConfigPropertyItem {
  const isCustom = id.startsWith("custom.");
  return {
    id,
    path: isCustom ? id.slice("custom.".length) : id,
    name: id,
    isCustom,
    editor: NOBODY_EDITS,
    override: NOBODY_EDITS,
    process: id === "thresholds" ? openBelow : (value) => value,
    shouldApply: ({ type }: Field) => !NUMERIC.has(id) || type === FieldType.number,
  };
}

/** JSON has no infinity: the lowest threshold is null there. */
function openBelow(thresholds?: { steps: { value: number | null }[] }) {
  if (!thresholds) return thresholds;
  const steps = thresholds.steps.map((step) => ({ ...step, value: step.value ?? -Infinity }));
  return { ...thresholds, steps };
}

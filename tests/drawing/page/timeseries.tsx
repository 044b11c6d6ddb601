// Lines over time, with thresholds: Grafana's own component.

import { TimeSeries } from "@grafana/ui";
import { LegendDisplayMode, type VizLegendOptions } from "@grafana/schema";

import type { Content } from "./content";

const LEGEND: VizLegendOptions = {
  calcs: [],
  displayMode: LegendDisplayMode.List,
  placement: "bottom",
  showLegend: true,
};

export function TimeSeriesContent({ frames, panel, range, width, height }: Content) {
  const legend = { ...LEGEND, ...(panel.options?.legend as Partial<VizLegendOptions> | undefined) };
  return (
    <TimeSeries
      frames={frames}
      legend={legend}
      timeRange={range}
      timeZone="utc"
      width={width}
      height={height}
    />
  );
}

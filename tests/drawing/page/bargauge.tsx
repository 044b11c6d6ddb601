// Bars, one for each series: Grafana's own component.

import { getDisplayValueAlignmentFactors, VizOrientation } from "@grafana/data";
import { BarGaugeDisplayMode, BarGaugeNamePlacement, BarGaugeValueMode } from "@grafana/schema";
import { BarGauge, VizRepeater } from "@grafana/ui";

import type { Content } from "./content";
import { values } from "./values";

interface Options {
  displayMode: BarGaugeDisplayMode;
  maxVizHeight: number;
  minVizHeight: number;
  minVizWidth: number;
  namePlacement: BarGaugeNamePlacement;
  orientation: VizOrientation;
  showUnfilled: boolean;
  valueMode: BarGaugeValueMode;
}

const OPTIONS: Options = {
  displayMode: BarGaugeDisplayMode.Gradient,
  maxVizHeight: 300,
  minVizHeight: 16,
  minVizWidth: 8,
  namePlacement: BarGaugeNamePlacement.Auto,
  orientation: VizOrientation.Auto,
  showUnfilled: true,
  valueMode: BarGaugeValueMode.Color,
};

export function BarGaugeContent(content: Content) {
  const { panel, theme, width, height } = content;
  const options = { ...OPTIONS, ...(panel.options as Partial<Options> | undefined) };
  return (
    <VizRepeater
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      getValues={() => values(content, false)}
      renderValue={({ value, alignmentFactors, orientation, width, height }) => (
        <BarGauge
          value={value.display}
          field={value.field}
          display={value.view?.getFieldDisplayProcessor(value.colIndex ?? 0)}
          displayMode={options.displayMode}
          namePlacement={options.namePlacement}
          showUnfilled={options.showUnfilled}
          valueDisplayMode={options.valueMode}
          alignmentFactors={alignmentFactors}
          orientation={orientation}
          theme={theme}
          width={width}
          height={height}
        />
      )}
      source={content.frames}
      renderCounter={0}
      itemSpacing={10}
      minVizWidth={options.minVizWidth}
      minVizHeight={options.minVizHeight}
      maxVizHeight={options.maxVizHeight}
      orientation={options.orientation}
      width={width}
      height={height}
    />
  );
}

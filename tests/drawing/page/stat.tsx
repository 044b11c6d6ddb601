// Large numbers: Grafana's own component.

import { type FieldDisplay, getDisplayValueAlignmentFactors, VizOrientation } from "@grafana/data";
import {
  BigValue,
  BigValueColorMode,
  BigValueGraphMode,
  BigValueJustifyMode,
  BigValueTextMode,
  VizRepeater,
} from "@grafana/ui";

import type { Content } from "./content";
import { values } from "./values";

interface Options {
  colorMode: BigValueColorMode;
  graphMode: BigValueGraphMode;
  justifyMode: BigValueJustifyMode;
  orientation: VizOrientation;
  textMode: BigValueTextMode;
  wideLayout: boolean;
}

const OPTIONS: Options = {
  colorMode: BigValueColorMode.Value,
  graphMode: BigValueGraphMode.Area,
  justifyMode: BigValueJustifyMode.Auto,
  orientation: VizOrientation.Auto,
  textMode: BigValueTextMode.Auto,
  wideLayout: true,
};

export function StatContent(content: Content) {
  const { panel, range, theme, width, height } = content;
  const options = { ...OPTIONS, ...(panel.options as Partial<Options> | undefined) };
  const { colorMode, graphMode, justifyMode, textMode, wideLayout } = options;
  return (
    <VizRepeater
      getAlignmentFactors={getDisplayValueAlignmentFactors}
      getValues={() => values(content, graphMode !== BigValueGraphMode.None)}
      renderValue={({ value, alignmentFactors, count, width, height }) => {
        const { display, sparkline } = value;
        return (
          <BigValue
            value={display}
            count={count}
            sparkline={sparkline && { ...sparkline, timeRange: range }}
            colorMode={colorMode}
            graphMode={graphMode}
            justifyMode={justifyMode}
            textMode={textMode}
            disableWideLayout={!wideLayout}
            alignmentFactors={alignmentFactors}
            theme={theme}
            width={width}
            height={height}
          />
        );
      }}
      source={content.frames}
      renderCounter={0}
      autoGrid
      itemSpacing={3}
      orientation={options.orientation}
      width={width}
      height={height}
    />
  );
}

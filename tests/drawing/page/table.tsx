// Rows and columns: Grafana's own component.

import { type TableCellHeight, type TableSortByFieldState } from "@grafana/schema";
import { TableNG } from "@grafana/ui/unstable";

import type { Content } from "./content";
import { fieldConfig } from "./field";

interface Options {
  cellHeight?: TableCellHeight;
  showHeader?: boolean;
  sortBy?: TableSortByFieldState[];
}

export function TableContent({ frames, panel, range, width, height }: Content) {
  const { cellHeight, showHeader = true, sortBy } = (panel.options ?? {}) as Options;
  const [frame] = frames;
  if (!frame) return null;
  return (
    <TableNG
      data={frame}
      fieldConfig={fieldConfig(panel)}
      noHeader={!showHeader}
      cellHeight={cellHeight}
      sortBy={sortBy}
      timeRange={range}
      width={width}
      height={height}
      // All rows are in the picture or cut, none come by scrolling.
      enableVirtualization={false}
    />
  );
}

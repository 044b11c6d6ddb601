// Where panels stand, with every row expanded.

import type { Panel, Place } from "./dashboard";

/** Pixels of the picture, and of Grafana's grid. */
export const WIDTH = 1400;
const MARGIN = 16;
const HEADER = 76;
const FOOTER = 40;
const GAP = 8;
const ROW = 30;
const COLUMNS = 24;

export interface Placed {
  panel: Panel;
  place: Place;
}

/**
 * All panels, from top to bottom.
 *
 * A collapsed row takes one line in the file and holds its panels; what stands below it moves down
 * by what it holds.
 */
export function expanded(panels: readonly Panel[]): Placed[] {
  const placed: Placed[] = [];
  let moved = 0;
  for (const panel of [...panels].sort(fromTopToBottom)) {
    const place = { ...panel.gridPos, y: panel.gridPos.y + moved };
    placed.push({ panel, place });
    const hidden = [...(panel.panels ?? [])].sort(fromTopToBottom);
    const top = Math.min(...hidden.map(({ gridPos }) => gridPos.y));
    for (const inner of hidden) {
      const y = place.y + place.h + inner.gridPos.y - top;
      placed.push({ panel: inner, place: { ...inner.gridPos, y } });
    }
    moved += Math.max(0, ...hidden.map(({ gridPos }) => gridPos.y + gridPos.h - top));
  }
  return placed;
}

function fromTopToBottom(a: Panel, b: Panel): number {
  return a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x;
}

/** A rectangle of the picture, in pixels. */
export interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

export function box({ x, y, w, h }: Place): Box {
  const column = (WIDTH - 2 * MARGIN - (COLUMNS - 1) * GAP) / COLUMNS;
  return {
    left: Math.round(MARGIN + x * (column + GAP)),
    top: HEADER + y * (ROW + GAP),
    width: Math.round(w * column + (w - 1) * GAP),
    height: h * ROW + (h - 1) * GAP,
  };
}

/** How high the whole picture is. */
export function height(placed: readonly Placed[]): number {
  const bottom = Math.max(0, ...placed.map(({ place }) => place.y + place.h));
  return HEADER + bottom * (ROW + GAP) + FOOTER;
}

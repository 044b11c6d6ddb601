// What every kind of panel is given to draw.

import type { DataFrame, GrafanaTheme2, TimeRange } from "@grafana/data";

import type { AnsweredPanel } from "../answers/answer";
import type { Span } from "../answers/span";

export interface Content extends AnsweredPanel {
  /** The answers, transformed and configured. */
  frames: DataFrame[];
  span: Span;
  range: TimeRange;
  theme: GrafanaTheme2;
  width: number;
  height: number;
}

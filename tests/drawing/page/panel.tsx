// A panel: Grafana's own frame around what its kind draws.

import { renderMarkdown } from "@grafana/data";
import { PanelChrome } from "@grafana/ui";
import { Component, type ComponentType, type ReactNode } from "react";

import { panelName } from "../answers/dashboard";
import { box } from "../answers/layout";
import { BarGaugeContent } from "./bargauge";
import type { Content } from "./content";
import { HeatmapContent } from "./heatmap";
import { Row } from "./row";
import { StatContent } from "./stat";
import { TableContent } from "./table";
import { TextContent } from "./text";
import { TimeSeriesContent } from "./timeseries";

const KINDS: Record<string, ComponentType<Content>> = {
  bargauge: BarGaugeContent,
  heatmap: HeatmapContent,
  stat: StatContent,
  table: TableContent,
  text: TextContent,
  timeseries: TimeSeriesContent,
};

/** What is not drawn by Grafana's components says so. */
const OURS = new Set(["heatmap", "text"]);

/** What a panel is drawn from, without the room that it has. */
export type PanelProps = Omit<Content, "width" | "height">;

export function Panel(props: PanelProps) {
  const { panel, place } = props;
  const area = box(place);
  return (
    <div className="panel" style={area}>
      {panel.type === "row" ? <Row panel={panel} /> : <Framed {...props} {...area} />}
    </div>
  );
}

function Framed(props: Content) {
  const { panel, width, height } = props;
  return (
    <PanelChrome
      title={panel.title}
      description={panel.description && renderMarkdown(panel.description)}
      displayMode={panel.transparent ? "transparent" : "default"}
      titleItems={OURS.has(panel.type) && <span className="ours">not Grafana’s own drawing</span>}
      width={width}
      height={height}
    >
      {(width, height) => (
        <Guarded name={panelName(panel)}>
          <Kind {...props} width={width} height={height} />
        </Guarded>
      )}
    </PanelChrome>
  );
}

function Kind(props: Content) {
  const { type } = props.panel;
  const Kind = KINDS[type];
  if (!Kind) throw new Error(`nobody draws a panel of type \`${type}\``);
  const isEmpty = type !== "text" && props.frames.every(({ length }) => length === 0);
  return isEmpty ? <div className="no-data">No data</div> : <Kind {...props} />;
}

/** One panel that fails leaves the others alone. */
class Guarded extends Component<{ name: string; children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override render() {
    const { name, children } = this.props;
    const { error } = this.state;
    // Who has the picture made looks for this in the document.
    const failed = error && `panel \`${name}\`: ${error.message}`;
    return error ? <div data-failed={failed}>{error.message}</div> : children;
  }
}

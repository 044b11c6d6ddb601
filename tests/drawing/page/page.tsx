// The picture of a dashboard: everything that is in the document's answers, drawn at once.
//
// When it is there, the document says how many panels it has.

import "@fontsource-variable/inter";
import "./page.css";

import { createTheme, dateTime, ThemeContext, type TimeRange } from "@grafana/data";
import { GlobalStyles } from "@grafana/ui";
import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";

import type { Answered, AnsweredPanel } from "../answers/answer";
import { panelName } from "../answers/dashboard";
import { height, WIDTH } from "../answers/layout";
import { configured } from "./field";
import { frames } from "./frames";
import { Header } from "./header";
import { serveIcons } from "./icons";
import { Panel, type PanelProps } from "./panel";
import { transformed } from "./transformation";

const FONT = '"Inter Variable", sans-serif';
const theme = createTheme({ colors: { mode: "dark" }, typography: { fontFamily: FONT } });

async function draw(): Promise<void> {
  const { answered, element } = taken();
  serveIcons();
  // What draws on a canvas does not wait for letters.
  await Promise.all(["400", "500"].map((weight) => document.fonts.load(`${weight} 12px ${FONT}`)));
  const panels = await Promise.all(answered.panels.map((panel) => prepared(panel, answered)));
  flushSync(() => createRoot(element).render(<Picture answered={answered} panels={panels} />));
  document.body.dataset.drawn = `${panels.length}`;
}

function Picture({ answered, panels }: { answered: Answered; panels: PanelProps[] }) {
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles />
      <main style={{ width: WIDTH, height: height(answered.panels) }}>
        <Header dashboard={answered.dashboard} span={answered.span} />
        {panels.map((props, at) => (
          <Panel key={at} {...props} />
        ))}
        <footer>
          Drawn without a Grafana server, by components of @grafana/ui. Rows, heatmaps, texts and
          the header are not Grafana’s own drawing.
        </footer>
      </main>
    </ThemeContext.Provider>
  );
}

/** The answers, and where they are drawn. */
function taken(): { answered: Answered; element: HTMLElement } {
  const data = document.getElementById("answers");
  const answered = JSON.parse(data?.textContent ?? "") as Answered;
  data?.remove();
  const element = document.createElement("div");
  document.body.append(element);
  return { answered, element };
}

async function prepared(answered: AnsweredPanel, { span }: Answered): Promise<PanelProps> {
  const { panel } = answered;
  try {
    const data = await transformed(frames(answered, span), panel);
    return { ...answered, frames: configured(data, panel, theme), span, range: range(span), theme };
  } catch (error) {
    throw new Error(`panel \`${panelName(panel)}\`: ${error}`);
  }
}

function range({ start, end }: Answered["span"]): TimeRange {
  const from = dateTime(start * 1000);
  const to = dateTime(end * 1000);
  return { from, to, raw: { from, to } };
}

draw().catch((error: unknown) => {
  document.body.dataset.failed = error instanceof Error ? error.message : String(error);
});

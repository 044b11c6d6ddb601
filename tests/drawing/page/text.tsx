// Text: Grafana's reading of Markdown in an element of our own.

import { renderTextPanelMarkdown } from "@grafana/data";

import type { Content } from "./content";

export function TextContent({ panel }: Content) {
  const text = String(panel.options?.content ?? "");
  // Grafana's reading leaves nothing that could run.
  const html = renderTextPanelMarkdown(text);
  return <div className="markdown-html" dangerouslySetInnerHTML={{ __html: html }} />;
}

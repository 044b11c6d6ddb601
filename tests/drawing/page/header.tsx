// What stands above the panels: the title, what is selected, and when this was. Our own.

import { dateTimeFormat } from "@grafana/data";

import type { Dashboard } from "../answers/dashboard";
import type { Span } from "../answers/span";

export function Header({ dashboard, span }: { dashboard: Dashboard; span: Span }) {
  const variables = (dashboard.templating?.list ?? []).filter(({ hide }) => hide !== 2);
  return (
    <header>
      <h1>{dashboard.title}</h1>
      <div className="variables">
        {variables.map(({ name, label, type }) => (
          <span key={name} className="variable">
            <b>{label || name}</b> {type === "datasource" ? "Prometheus" : "All"}
          </span>
        ))}
        <span className="time">
          {time(span.start)} to {time(span.end)} UTC
        </span>
      </div>
    </header>
  );
}

function time(seconds: number): string {
  return dateTimeFormat(seconds * 1000, { format: "HH:mm:ss", timeZone: "utc" });
}

// Prometheus's HTTP API, as much of it as panels ask.

import type { Span } from "./span";

export type Labels = Record<string, string>;

/** A time in seconds, and a value as Prometheus writes it: JSON has no infinity. */
export type Sample = [time: number, value: string];

export interface Series {
  labels: Labels;
  samples: Sample[];
}

/** What is wrong with a query, in Prometheus's words. */
export class Refused extends Error {}

export class Prometheus {
  readonly #address: URL;

  constructor(address: string) {
    // With a slash at its end, a path before the API's is kept.
    this.#address = new URL(address.endsWith("/") ? address : `${address}/`);
  }

  /** The values of an expression over time. */
  async range(query: string, { start, end, step }: Span): Promise<Series[]> {
    const form = { query, start: `${start}`, end: `${end}`, step: `${step}` };
    return serieses(await this.#ask("query_range", form));
  }

  /** The values of an expression at a time. */
  async instant(query: string, time: number): Promise<Series[]> {
    return serieses(await this.#ask("query", { query, time: `${time}` }));
  }

  async #ask(what: string, form: Record<string, string>): Promise<Data> {
    const address = new URL(`api/v1/${what}`, this.#address);
    const response = await fetch(address, { method: "POST", body: new URLSearchParams(form) });
    const text = await response.text();
    let answer: Answer;
    try {
      answer = JSON.parse(text) as Answer;
    } catch {
      throw new Error(`${address} answers ${response.status}, and no JSON: ${text.slice(0, 200)}`);
    }
    if (answer.status !== "success") throw new Refused(answer.error);
    return answer.data;
  }
}

type Answer = { status: "success"; data: Data } | { status: "error"; error: string };

type Data =
  | { resultType: "matrix"; result: { metric: Labels; values?: Sample[] }[] }
  | { resultType: "vector"; result: { metric: Labels; value?: Sample }[] }
  | { resultType: "scalar" | "string"; result: Sample };

/** Native histograms have no samples: what draws them asks for their quantiles. */
function serieses(data: Data): Series[] {
  switch (data.resultType) {
    case "matrix":
      return data.result.map(({ metric, values }) => ({ labels: metric, samples: values ?? [] }));
    case "vector":
      return data.result.map(({ metric, value }) => ({
        labels: metric,
        samples: value ? [value] : [],
      }));
    default:
      return [{ labels: {}, samples: [data.result] }];
  }
}

/** The number that a sample says. */
export function number([, value]: Sample): number {
  // The one spelling that JavaScript does not read.
  return Number(value.replace("Inf", "Infinity"));
}

import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { Html, tame } from "./html.ts";

/** Charts as SVG text, coloured by the page's own style so that dark mode and paper suit them. */

/** One bar. `of` is the whole that it is a part of, drawn as a pale bar behind it. */
export interface BarDatum {
  label: string;
  value: number;
  of?: number;
  /** What stands at the end of the bar instead of the value. */
  note?: string;
}

/** The types of a browser are not there; this is what is needed of them. */
interface Page {
  document: Plot.PlotOptions["document"];
}

const WIDTH = 380;
const ROW = 40;
const LABEL_CHARACTERS = 44;

/**
 * Horizontal bars with their labels above them, in the order given. The text of the SVG is escaped
 * by its serialiser.
 * @param label what a screen reader says of it; the numbers stand in a table beside it
 */
export function barChart(data: BarDatum[], label: string): Html {
  const { document } = parseHTML("<html><body></body></html>") as unknown as Page;
  const rows = data.map((datum, index) => ({
    ...datum,
    index,
    name: shorten(datum.label),
    end: datum.note ?? datum.value.toLocaleString("en-US"),
  }));
  const svg = Plot.plot({
    document,
    className: "chart",
    width: WIDTH,
    height: rows.length * ROW,
    marginLeft: 0,
    marginRight: 84,
    marginTop: 2,
    marginBottom: 0,
    x: { axis: null, domain: [0, Math.max(1, ...rows.map((row) => row.of ?? row.value))] },
    y: { axis: null, domain: rows.map((row) => row.index), padding: 0 },
    marks: [
      Plot.barX(rows.filter((row) => row.of !== undefined), {
        x: "of",
        y: "index",
        insetTop: 22,
        insetBottom: 6,
        fill: "var(--whole)",
      }),
      Plot.barX(rows, {
        x: "value",
        y: "index",
        insetTop: 22,
        insetBottom: 6,
        fill: "var(--accent)",
      }),
      Plot.text(rows, { x: 0, y: "index", text: "name", dy: -9, textAnchor: "start" }),
      Plot.text(rows, {
        x: (row) => row.of ?? row.value,
        y: "index",
        text: "end",
        dx: 6,
        dy: 8,
        textAnchor: "start",
        fill: "var(--quiet)",
      }),
    ],
  });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  for (const group of svg.querySelectorAll("g")) group.removeAttribute("aria-label");
  svg.querySelector("style")?.remove();
  svg.removeAttribute("height");
  svg.removeAttribute("width");
  svg.setAttribute("font-size", "13");
  svg.removeAttribute("font-family");
  return new Html(svg.outerHTML);
}

function shorten(label: string): string {
  const characters = Array.from(tame(label));
  if (characters.length <= LABEL_CHARACTERS) return characters.join("");
  return characters.slice(0, LABEL_CHARACTERS - 1).join("").trimEnd() + "…";
}

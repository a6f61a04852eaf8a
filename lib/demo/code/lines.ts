/**
 * How a text is in a line of code, by language; and the lines in between.
 * @module
 */
import type { Form, Mention } from "./mentions.ts";
import type { Random } from "../random.ts";

/** A line pattern: `@` is replaced by the text. */
type Pattern = string;

interface Language {
  readonly paths: readonly string[];
  /** Where a whole URL goes; those with quotes take every URL. */
  readonly quoted: readonly Pattern[];
  /** Where only a URL of plain characters goes. */
  readonly plain: readonly Pattern[];
  /** A text with a placeholder, and the placeholder; without it the language has none. */
  readonly placeholder?: readonly (readonly [Pattern, string])[];
  readonly joined?: readonly Pattern[];
  /** Escapes that occur in this language. */
  readonly escapes: readonly Form[];
  readonly filler: readonly string[];
}

export const LANGUAGES: Readonly<Record<string, Language>> = {
  python: {
    paths: ["src/load.py", "scripts/fetch_data.py", "app/sources.py", "etl/extract.py", "main.py"],
    quoted: [
      'df = pd.read_csv("@")',
      "response = requests.get('@', timeout=30)",
      'DATA_URL = "@"',
      '    "url": "@",',
      'frames.append(pd.read_csv("@", sep=";"))  # was: /data/local.csv',
    ],
    plain: ["# source: @", "    See @ for the columns.", '"""Loads @."""'],
    placeholder: [
      ['url = f"@"', "{year}"],
      ['path = "@" % year', "%s"],
      ['url = "@".format(year)', "{}"],
      ['    yield f"@"', "{item.year:04d}"],
    ],
    joined: ['url = "@" + str(year) + suffix', "BASE = '@' + name"],
    escapes: ["json"],
    filler: [
      "import pandas as pd",
      "import requests",
      "",
      "def clean(frame):",
      '    return frame.dropna(subset=["value"])',
      "    frame = frame.rename(columns=str.lower)",
      "for year in range(2013, 2026):",
      'logging.basicConfig(level="INFO")',
      "    total += row.value / 100",
      "# https://docs.example.org/pandas/read_csv.html",
    ],
  },
  r: {
    paths: ["R/download.R", "analysis/01_read.R", "data-raw/prepare.R", "report.Rmd"],
    quoted: ['trees <- read_csv("@")', 'download.file("@", destfile = tmp)', "url <- '@'"],
    plain: ["#' @source \\url{@}".replace("@source", "\u0002source"), "# Data: @"],
    placeholder: [['urls <- sprintf("@", years)', "%d"], ['url <- glue::glue("@")', "{year}"]],
    joined: ['url <- paste0("@", year, ".csv")'],
    escapes: [],
    filler: ["library(dplyr)", "library(ggplot2)", "", "plot <- ggplot(data, aes(x, y)) +"],
  },
  javascript: {
    paths: ["src/api.js", "public/map.js", "src/data/sources.ts", "lib/fetch.mjs", "index.js"],
    quoted: [
      'const DATA = "@";',
      "const answer = await fetch('@');",
      "  url: '@',",
      "axios.get(`@`).then(render)",
    ],
    plain: ["// see @", " * @link @".replace("@link", "\u0002link")],
    placeholder: [
      ["const url = `@`;", "${year}"],
      ["  await load(`@`);", "${layer.id}"],
      ["  template: '@',", "{z}"],
    ],
    joined: ['const url = "@" + id;', "fetch('@' + file).then((answer) => answer.json())"],
    escapes: ["json"],
    filler: [
      'import L from "leaflet";',
      "",
      "export function render(rows) {",
      "  return rows.map((row) => row.value);",
      "}",
      'const API_KEY = "sk_test_9aF3kQ71LmZx0Vw4TbYd";',
    ],
  },
  notebook: {
    paths: ["notebooks/explore.ipynb", "analysis.ipynb", "notebooks/01 first look.ipynb"],
    quoted: ['    "df = pd.read_csv(\\"@\\")\\n",', "    \"url = '@'\\n\","],
    plain: ['    "Data source: [portal](@)\\n",', '    "# @\\n",'],
    placeholder: [['    "url = f\\"@\\"\\n",', "{year}"]],
    joined: ['    "url = \\"@\\" + str(year)\\n",'],
    escapes: ["json"],
    filler: ['    "import pandas as pd\\n",', '    "df.head()\\n",', '    "df.plot()\\n",'],
  },
  markdown: {
    paths: ["README.md", "docs/data.md", "docs/sources.md", "DATA.md"],
    quoted: ["Data: <@>", "The data come from `@`."],
    plain: [
      "- [Open data](@)",
      "We use @.",
      "| Trees | @ | daily |",
      "(source: @)",
      "Archived at https://web.archive.org/web/2024/@",
    ],
    placeholder: [["Files: @", "<year>"], ["`curl -O @`", "{year}"]],
    escapes: ["html"],
    filler: [
      "",
      "## Usage",
      "A small project about the city.",
      "Ask at data.saltholm.example or open a ticket.",
      "- [ ] write tests",
    ],
  },
  yaml: {
    paths: ["config/sources.yml", ".github/workflows/update.yml", "data/catalog.yaml"],
    quoted: ['  url: "@"', "  - '@'"],
    plain: ["  url: @", "  - @", "source: @  # checked"],
    placeholder: [['  url: "@"', "{year}"], ["  pattern: '@'", "{{ year }}"]],
    escapes: [],
    filler: [
      "sources:",
      "  format: csv",
      "  encoding: utf-8",
      '  token: "ghp_0a1B2c3D4e5F6g7H8i9J"',
    ],
  },
  html: {
    paths: ["index.html", "docs/index.html", "templates/about.html"],
    quoted: ['<a href="@">open data</a>', "<script>const source = '@';</script>"],
    plain: ["<p>Source: @</p>", "<li>@</li>"],
    escapes: ["html"],
    filler: ["<!doctype html>", "<title>City map</title>", "</div>", '<div class="map">'],
  },
  shell: {
    paths: ["download.sh", "scripts/update.sh", "Makefile"],
    quoted: ['curl -sSL "@" -o out.csv', "wget -q '@'"],
    plain: ["curl -O @", "# @"],
    placeholder: [['curl -O "@"', "${YEAR}"], ['wget "@"', "$YEAR"]],
    joined: ['curl -O "@"$YEAR.csv'],
    escapes: [],
    filler: ["set -euo pipefail", "", "mkdir -p data", "done"],
  },
  csv: {
    paths: ["data/sources.csv", "links.csv"],
    quoted: ['trees,"@",2024'],
    plain: ["parks,2024,@,ok", "harbour;@;yearly"],
    escapes: [],
    filler: ["name,year,url,state", "none,2020,,missing"],
  },
  json: {
    paths: ["data/sources.json", "package-data.json", "static/layers.json"],
    quoted: ['    "url": "@",', '  "source": "@"'],
    plain: [],
    placeholder: [['    "url": "@",', "{year}"]],
    escapes: ["json"],
    filler: ["  {", '    "name": "layer",', '    "visible": true', "  },"],
  },
};

export interface Written {
  readonly line: string;
  /** The mention as it is in the line. */
  readonly text: string;
}

/** The line that holds the mention; undefined when the language has no way to write it. */
export function writeLine(
  language: Language,
  mention: Mention,
  random: Random,
): Written | undefined {
  const put = (pattern: Pattern, text: string): Written => ({
    line: pattern.split("@").join(text).replaceAll("\u0002", "@"),
    text,
  });
  const { text, form } = mention;
  switch (form) {
    case "placeholder": {
      if (language.placeholder === undefined) return undefined;
      const [pattern, placeholder] = random.pick(language.placeholder);
      return put(pattern, text.replace("\u0001", () => placeholder));
    }
    case "joined":
      return language.joined === undefined ? undefined : put(random.pick(language.joined), text);
    case "html":
    case "json":
      return language.escapes.includes(form) ? put(random.pick(language.quoted), text) : undefined;
    default: {
      const isPlain = /^[A-Za-z0-9:\/._?=&#-]+$/.test(text) && /^(https?:\/\/|[^\/:]+$)/.test(text);
      const patterns = isPlain && random.chance(0.5) ? language.plain : language.quoted;
      return put(random.pick(patterns.length === 0 ? language.quoted : patterns), text);
    }
  }
}

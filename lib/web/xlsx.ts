/**
 * Tables as an Excel workbook. Text is written as text and never as a formula, and in UTF-8, which CSV
 * files cannot say of themselves: LibreOffice reads them as Latin-1 unless it is reported otherwise.
 * @module
 */
import { strToU8, type Zippable, zipSync } from "fflate";

/** One sheet of a workbook. */
export interface Sheet {
  name: string;
  columns: string[];
  rows: unknown[][];
}

/** Characters that Excel allows in a cell. */
const LONGEST_CELL = 32_767;
/** Equal tables are equal files: ZIP has a time for every entry, and cannot be without. */
const TIME = new Date(1980, 0, 1);

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const HEAD = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;

/** The workbook as the bytes of a file. Sheet names are cut to what Excel allows. */
export function workbook(sheets: Sheet[]): Uint8Array<ArrayBuffer> {
  const names = uniqueNames(sheets.map(({ name }) => name));
  const numbers = sheets.map((_, at) => at + 1);
  const files: Record<string, string> = {
    "[Content_Types].xml":
      `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
      `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
      `<Default Extension="xml" ContentType="application/xml"/>` +
      `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
      `<Override PartName="/xl/styles.xml" ContentType="${TYPE}.styles+xml"/>` +
      numbers.map((number) =>
        `<Override PartName="/xl/worksheets/sheet${number}.xml" ContentType="${TYPE}.worksheet+xml"/>`
      ).join("") + `</Types>`,
    "_rels/.rels": `${HEAD}<Relationships xmlns="${PACKAGE_RELATIONS}">` +
      `<Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/>` +
      `</Relationships>`,
    "xl/workbook.xml": `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>` +
      names.map((name, at) =>
        `<sheet name="${xml(name)}" sheetId="${at + 1}" r:id="rId${at + 1}"/>`
      ).join("") + `</sheets></workbook>`,
    "xl/_rels/workbook.xml.rels": `${HEAD}<Relationships xmlns="${PACKAGE_RELATIONS}">` +
      numbers.map((number) =>
        `<Relationship Id="rId${number}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${number}.xml"/>`
      ).join("") +
      `<Relationship Id="rId${
        sheets.length + 1
      }" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`,
    // 0 is plain, 1 the bold head, 2 a date with time
    "xl/styles.xml": `${HEAD}<styleSheet xmlns="${MAIN}">` +
      `<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts>` +
      `<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>` +
      `<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
      `<fills count="2"><fill><patternFill patternType="none"/></fill>` +
      `<fill><patternFill patternType="gray125"/></fill></fills>` +
      `<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>` +
      `<cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/>` +
      `<xf numFmtId="164" applyNumberFormat="1"/></cellXfs>` +
      `<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`,
  };
  for (const [at, sheet] of sheets.entries()) {
    files[`xl/worksheets/sheet${at + 1}.xml`] = sheetXml(sheet);
  }
  const zipped: Zippable = {};
  for (const [name, text] of Object.entries(files)) {
    zipped[name] = [strToU8(text), { mtime: TIME, level: 6 }];
  }
  return zipSync(zipped);
}

function sheetXml({ columns, rows }: Sheet): string {
  const head = `<row>${columns.map((name) => textCell(name, 1)).join("")}</row>`;
  const lines = rows.map((row) => `<row>${row.map(cell).join("")}</row>`);
  return `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">` +
    `<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
    `<sheetData>${head}${lines.join("")}</sheetData></worksheet>`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "<c/>";
  if (typeof value === "boolean") return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
  if (typeof value === "number" && Number.isFinite(value)) return `<c><v>${value}</v></c>`;
  if (value instanceof Date) {
    // days since the last day of 1899, as Excel counts them
    return `<c s="2"><v>${value.getTime() / 86_400_000 + 25_569}</v></c>`;
  }
  return textCell(String(value));
}

function textCell(text: string, style = 0): string {
  const shown = xml(text.slice(0, LONGEST_CELL));
  return `<c t="inlineStr"${
    style === 0 ? "" : ` s="${style}"`
  }><is><t xml:space="preserve">${shown}</t></is></c>`;
}

/** Names of at most 31 characters, none twice, without what Excel forbids. */
function uniqueNames(names: string[]): string[] {
  const used = new Set<string>();
  return names.map((name) => {
    const short = name.replace(/[\\/?*:[\]]/g, "_").slice(0, 31);
    let unique = short;
    for (let number = 2; used.has(unique.toLowerCase()); number += 1) {
      unique = `${short.slice(0, 28)}_${number}`;
    }
    used.add(unique.toLowerCase());
    return unique;
  });
}

/** Text for XML, which has no place for control characters and unpaired surrogates. */
function xml(text: string): string {
  return text.toWellFormed()
    // deno-lint-ignore no-control-regex
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
    .replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

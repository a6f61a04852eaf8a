/**
 * JSON as Python's `json.dumps` writes it, which is how CKAN answers.
 * @module
 */

// JSON.stringify has escaped what lies below the space.
const NOT_ASCII = /[^\x20-\x7f]/;
const EVERY_NOT_ASCII = /[^\x20-\x7f]/g;

function escapeUnit(unit: string): string {
  return "\\u" + unit.charCodeAt(0).toString(16).padStart(4, "0");
}

function stringText(value: string): string {
  const text = JSON.stringify(value);
  return NOT_ASCII.test(text) ? text.replace(EVERY_NOT_ASCII, escapeUnit) : text;
}

/**
 * The value as JSON text: `", "` and `": "` between, everything outside ASCII as `\uXXXX` (surrogate
 * pairs as two), bigint as bare digits, so that integers above 2^53 are there undamaged.
 * Keys whose value is undefined are left out.
 */
export function pythonJson(value: unknown): string {
  switch (typeof value) {
    case "string":
      return stringText(value);
    case "number":
      return Number.isFinite(value) ? String(value) : "NaN";
    case "bigint":
      return value.toString();
    case "boolean":
      return value ? "true" : "false";
    case "object":
      break;
    default:
      return "null";
  }
  if (value === null) return "null";
  if (Array.isArray(value)) {
    let list = "[";
    for (let at = 0; at < value.length; at++) {
      list += (at === 0 ? "" : ", ") + pythonJson(value[at]);
    }
    return list + "]";
  }
  let object = "{";
  for (const key in value) {
    const entry = (value as Record<string, unknown>)[key];
    if (entry === undefined) continue;
    object += (object.length === 1 ? "" : ", ") + stringText(key) + ": " + pythonJson(entry);
  }
  return object + "}";
}

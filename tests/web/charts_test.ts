import { assert, assertStringIncludes } from "@std/assert";
import { barChart } from "../../lib/web/charts.ts";

Deno.test("barChart() draws what it is given and escapes labels", () => {
  const { text } = barChart(
    [{ label: `</text><script>x`, value: 3, of: 4 }, { label: "b", value: 1234 }],
    `two "bars"`,
  );
  assert(!text.includes("<script>"), text);
  assertStringIncludes(text, "1,234");
  assertStringIncludes(text, 'role="img"');
});

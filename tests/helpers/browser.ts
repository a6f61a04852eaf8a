import axe from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

/** The system's Chromium, driven as a person would. */

/** WCAG 2.2 AA, all that axe can report it. */
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Starts Chromium; pages may be drawn without a graphics card. */
export function startBrowser(file: string): Promise<Browser> {
  return chromium.launch({
    executablePath: file,
    args: ["--no-sandbox", "--enable-unsafe-swiftshader"],
  });
}

/** What axe finds wrong on a page: rule, how often, the first place. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(async (rules) => {
    // deno-lint-ignore no-explicit-any
    const { violations } = await (globalThis as any).axe.run({ runOnly: rules });
    return violations as { id: string; nodes: { html: string }[] }[];
  }, RULES);
  return found.map(({ id, nodes }) => `${id} ×${nodes.length}: ${nodes[0]!.html.slice(0, 160)}`);
}

/** Everything that goes wrong on a page: errors of scripts, of the console, refused by the policy. */
export function watch(page: Page): string[] {
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  page.on("dialog", (dialog) => {
    wrong.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return wrong;
}

import { assertEquals } from "@std/assert";
import { createLog, formatBytes, formatCount, formatSeconds } from "../../lib/cli/progress.ts";

function logOf(isTerminal: boolean, colour = false) {
  const written: string[] = [];
  const clock = { ms: 0 };
  const log = createLog("02_insert", {
    write: (text) => written.push(text),
    isTerminal,
    colour,
    now: () => clock.ms,
  });
  return { log, written, clock };
}

Deno.test("createLog() writes whole lines without escapes on a pipe, now and then", () => {
  const { log, written, clock } = logOf(false);
  log.info("Reading 12 pages");
  log.warn("one page came twice");
  const bar = log.bar("Pages", "pages", 2000);
  for (let page = 1; page <= 2000; page++) {
    clock.ms += 20;
    bar.advance(1, { note: "429 seen" });
  }
  bar.end();
  assertEquals(written, [
    "02_insert  Reading 12 pages\n",
    "02_insert  ! one page came twice\n",
    "02_insert  Pages · 500 of 2,000 pages (25 %) · 50/s · 30 s left · 429 seen\n",
    "02_insert  Pages · 1,000 of 2,000 pages (50 %) · 50/s · 20 s left · 429 seen\n",
    "02_insert  Pages · 1,500 of 2,000 pages (75 %) · 50/s · 10 s left · 429 seen\n",
    "02_insert  Pages · 2,000 pages · 50/s · 429 seen\n",
    "02_insert  Pages · 2,000 pages · in 40 s · 429 seen\n",
  ]);
});

Deno.test("createLog() renews one line on a terminal and clears it before another", () => {
  const { log, written, clock } = logOf(true);
  const bar = log.bar("Pages", "pages");
  clock.ms = 1000;
  bar.advance(5);
  bar.advance(5);
  log.info("a line");
  bar.end();
  assertEquals(written, [
    "\r\x1b[2K02_insert  Pages · 5 pages · 5.0/s",
    "\r\x1b[2K02_insert  a line\n",
    "02_insert  Pages · 10 pages · in 1.0 s\n",
  ]);
});

Deno.test("createLog() colours only when asked to", () => {
  const { log, written } = logOf(true, true);
  log.warn("look");
  assertEquals(written, ["\x1b[36m02_insert\x1b[0m  \x1b[33m! look\x1b[0m\n"]);
});

Deno.test("createLog() shows more than was expected without a share above the whole", () => {
  const { log, written, clock } = logOf(false);
  const bar = log.bar("Rows", "rows", 0);
  clock.ms = 20_000;
  bar.advance(3, { total: 2 });
  bar.end();
  assertEquals(written, [
    "02_insert  Rows · 3 rows · 0.1/s\n",
    "02_insert  Rows · 3 rows · in 20 s\n",
  ]);
});

Deno.test("formatCount(), formatBytes() and formatSeconds() are short and the same everywhere", () => {
  assertEquals([0, 999, 1234567, 9007199254740993n].map(formatCount), [
    "0",
    "999",
    "1,234,567",
    "9,007,199,254,740,993",
  ]);
  assertEquals([0, 999, 1000, 1_250_000, 3e12, 5e15].map(formatBytes), [
    "0 B",
    "999 B",
    "1.0 kB",
    "1.3 MB",
    "3.0 TB",
    "5000.0 TB",
  ]);
  assertEquals([0.04, 9.94, 9.96, 59.6, 60, 200, 7500].map(formatSeconds), [
    "0.0 s",
    "9.9 s",
    "10 s",
    "1 min 0 s",
    "1 min 0 s",
    "3 min 20 s",
    "2 h 5 min",
  ]);
});

Deno.test("createLog() strips control characters of what comes from elsewhere", () => {
  let written = "";
  const log = createLog("stage", {
    write: (text) => {
      written += text;
    },
    isTerminal: false,
    colour: false,
    now: () => 0,
  });
  log.info("title \x1b[2J\x1b]0;owned\x07 \u202egnp.exe");
  log.warn("one\rtwo\x9b31m\n02_insert  forged line");
  // deno-lint-ignore no-control-regex
  assertEquals(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/.test(written), false, written);
  assertEquals(written.split("\n").length, 3);
});

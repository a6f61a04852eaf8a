import { assertEquals } from "@std/assert";
import { html, link, untrusted, webAddress } from "../../lib/web/html.ts";

Deno.test("html() escapes what is put in, and keeps what is finished", () => {
  const inner = html`<b>${"a < b"}</b>`;
  assertEquals(
    html`<p title="${`"'`}">${inner}${[inner, null, 3]}</p>`.text,
    `<p title="&quot;&#39;"><b>a &lt; b</b><b>a &lt; b</b>3</p>`,
  );
});

Deno.test("webAddress() takes http and https alone", () => {
  assertEquals(webAddress("https://a.example/x y"), "https://a.example/x%20y");
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "//a.example", "https://", null]) {
    assertEquals(webAddress(bad), undefined);
  }
  assertEquals(link("javascript:alert(1)", "x").text, "x");
});

Deno.test("untrusted() isolates, untwists and cuts text", () => {
  assertEquals(untrusted("a\u202Eb\u0000\n c").text, "<bdi>ab c</bdi>");
  assertEquals(untrusted("😀😀😀", 2).text, `<bdi title="😀😀😀">😀😀…</bdi>`);
  assertEquals(untrusted("x".repeat(10_000), 10).text.length < 400, true);
});

Deno.test("untrusted() leaves out every character that turns the direction of text", () => {
  const turning = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f";
  assertEquals(untrusted(`a${turning}b`).text, "<bdi>ab</bdi>");
});

Deno.test("html() leaves out every control character that HTML forbids, and keeps line ends", () => {
  const controls = Array.from({ length: 32 }, (_, at) => String.fromCharCode(at)).join("");
  assertEquals(html`${controls}\u007f${"\u0080\u009f"}`.text, "\t\n\r\u007f");
});

/**
 * What a harvest could be at best: the same URLs, the same concurrency, the same compressed bytes written,
 * and nothing else; no probing, no checking, no journal. A peer for the benchmark.
 * Arguments: file with one URL a line, folder to write to, concurrency.
 */
import { promisify } from "node:util";
import { gzip } from "node:zlib";

const compress = promisify(gzip);

if (import.meta.main) {
  const [list, folder, concurrency] = Deno.args as [string, string, string];
  const urls = (await Deno.readTextFile(list)).split("\n").filter(Boolean);
  await Deno.mkdir(folder, { recursive: true });
  let next = 0;
  await Promise.all(Array.from({ length: Number(concurrency) }, async () => {
    while (next < urls.length) {
      const number = next++;
      const body = new Uint8Array(await (await fetch(urls[number]!)).arrayBuffer());
      await Deno.writeFile(`${folder}/${number}.gz`, await compress(body, { level: 3 }));
    }
  }));
}

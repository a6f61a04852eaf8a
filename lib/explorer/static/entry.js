// Shows an entry without a page of its own: its content, made with the pages of the others, is in a file
// that it shares with them.
import { detailsFile } from "./shared.js";

const place = document.getElementById("entry");

async function show() {
  const key = decodeKey(location.hash.slice(1));
  try {
    const { detailsFiles } = await (await fetch("assets/site.json")).json();
    if (detailsFiles === 0) throw new Error("this site has a page for every entry");
    const response = await fetch(`details/${detailsFile(key, detailsFiles)}.json.gz`);
    if (!response.ok) throw new Error(`the file was answered with ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    // some hosts unpack it on the way
    const text = bytes[0] === 0x1f && bytes[1] === 0x8b
      ? await new Response(
        new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip")),
      ).text()
      : new TextDecoder().decode(bytes);
    const entries = JSON.parse(text);
    if (!Object.hasOwn(entries, key)) throw new Error("there is no such entry");
    const { title, body } = entries[key];
    document.title = document.title.replace(/^[^·]*/, `${title} `);
    // HTML of the publisher, which escapes everything that it shows
    place.innerHTML = body;
    scrollTo(0, 0);
  } catch (error) {
    const paragraph = document.createElement("p");
    paragraph.setAttribute("role", "status");
    paragraph.textContent = `The details could not be loaded: ${error.message}.`;
    place.replaceChildren(paragraph);
  }
}

/** `kind/id`, whose id is encoded. */
function decodeKey(text) {
  const at = text.indexOf("/");
  try {
    return `${text.slice(0, at)}/${decodeURIComponent(text.slice(at + 1))}`;
  } catch {
    return text;
  }
}

addEventListener("hashchange", show);
show();

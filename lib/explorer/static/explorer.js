// Shows search results while the reader types, and copies text. Every page works without it.
"use strict";
{
  const WAIT_MS = 60;
  const input = document.getElementById("q");
  const results = document.getElementById("results");
  if (input && results) {
    let timer;
    let controller;
    const search = async () => {
      controller?.abort();
      controller = new AbortController();
      const query = new URLSearchParams({ q: input.value });
      try {
        const response = await fetch(`${results.dataset.live}?${query}&part=results`, {
          signal: controller.signal,
        });
        if (!response.ok) return;
        // HTML of this server, which escapes everything that it shows
        results.innerHTML = await response.text();
        history.replaceState(null, "", `${results.dataset.live}?${query}`);
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    };
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(search, WAIT_MS);
    });
  }

  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      text.select();
      await navigator.clipboard.writeText(text.value);
      document.getElementById("copied").textContent = "Copied";
    });
  }
}

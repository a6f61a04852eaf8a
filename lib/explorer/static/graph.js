// Draws the graph with sigma from positions laid out beforehand; the keyboard goes from node to node.
"use strict";
(async () => {
  const container = document.getElementById("graph");
  if (!container) return;
  const tools = document.getElementById("graph-tools");
  const status = document.getElementById("focused");
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(name).trim();
  const colours = {
    dataset: colour("--accent"),
    repository: colour("--second"),
    line: colour("--line"),
    ink: colour("--ink"),
    paper: colour("--panel"),
  };

  const response = await fetch(container.dataset.source);
  if (!response.ok) {
    status.textContent = "The graph could not be loaded.";
    return;
  }
  const { nodes, edges } = await response.json();
  const graph = new graphology.Graph({ multi: false, type: "undirected" });
  for (const { id, kind, label, x, y, size } of nodes) {
    const short = label.length > 44 ? `${label.slice(0, 43)}…` : label;
    graph.addNode(id, {
      x,
      y,
      label: short,
      kind,
      size: 3 + 2.2 * Math.sqrt(size),
      color: colours[kind],
    });
  }
  for (const { source, target } of edges) graph.mergeEdge(source, target, { color: colours.line });

  /** Labels of this frame: a label that would cover another one is left out. */
  const drawn = [];
  let focused;
  let near = new Set();
  let renderer;
  try {
    renderer = new Sigma(graph, container, {
      labelColor: { color: colours.ink },
      labelFont: "system-ui, sans-serif",
      labelRenderedSizeThreshold: 8,
      // one label per cell of the grid, that of the largest node, so that labels do not overlap
      labelDensity: 0.35,
      labelGridCellSize: 150,
      defaultDrawNodeLabel: drawLabelWhereFree,
      defaultDrawNodeHover: drawLabel,
      nodeReducer: (id, data) => {
        if (focused === undefined) return data;
        if (id === focused) return { ...data, highlighted: true, size: data.size * 1.4, zIndex: 2 };
        if (near.has(id)) return { ...data, zIndex: 1, forceLabel: near.size <= 15 };
        return { ...data, color: colours.line, label: "" };
      },
      edgeReducer: (id, data) =>
        focused === undefined || graph.hasExtremity(id, focused)
          ? { ...data, color: focused === undefined ? colours.line : colours.ink }
          : { ...data, hidden: true },
      zIndex: true,
    });
  } catch (error) {
    // no WebGL: the table below has the same pairs
    status.textContent = `The picture cannot be drawn here (${error.message}).`;
    tools.hidden = false;
    return;
  }

  // a repository is a ring, a dataset a disc: they differ by more than colour
  const repositories = nodes.filter(({ kind }) => kind === "repository").map(({ id }) => id);
  const holes = renderer.createCanvasContext("holes", { beforeLayer: "labels" })
    .getCanvases().holes;
  const hole = holes.getContext("2d");
  renderer.on("beforeRender", () => drawn.length = 0);
  renderer.on("afterRender", drawHoles);
  renderer.on("resize", fitHoles);

  function fitHoles() {
    const { width, height } = renderer.getDimensions();
    const scale = globalThis.devicePixelRatio || 1;
    holes.width = width * scale;
    holes.height = height * scale;
    holes.style.width = `${width}px`;
    holes.style.height = `${height}px`;
    hole.setTransform(scale, 0, 0, scale, 0, 0);
  }

  function drawHoles() {
    const { width, height } = renderer.getDimensions();
    hole.clearRect(0, 0, width, height);
    hole.fillStyle = colours.paper;
    hole.beginPath();
    for (const id of repositories) {
      const node = renderer.getNodeDisplayData(id);
      const { x, y } = renderer.framedGraphToViewport(node);
      if (x < 0 || y < 0 || x > width || y > height) continue;
      const radius = 0.55 * renderer.scaleSize(node.size);
      hole.moveTo(x + radius, y);
      hole.arc(x, y, radius, 0, 2 * Math.PI);
    }
    hole.fill();
  }

  function drawLabelWhereFree(context, data, settings) {
    if (!data.label) return;
    context.font = `${settings.labelSize}px ${settings.labelFont}`;
    const left = data.x + data.size + 3;
    const right = left + context.measureText(data.label).width;
    const [top, bottom] = [data.y - 10, data.y + 10];
    const isCovered = drawn.some((box) =>
      left < box.right && right > box.left && top < box.bottom && bottom > box.top
    );
    if (isCovered) return;
    drawn.push({ left, right, top, bottom });
    context.fillStyle = colours.ink;
    // an outline in the colour of the background keeps the label readable over nodes and edges
    context.lineWidth = 3;
    context.lineJoin = "round";
    context.strokeStyle = colours.paper;
    context.strokeText(data.label, left, data.y + 4);
    context.fillText(data.label, left, data.y + 4);
  }

  function drawLabel(context, data, settings) {
    if (!data.label) return;
    context.font = `600 ${settings.labelSize}px ${settings.labelFont}`;
    const width = context.measureText(data.label).width;
    context.fillStyle = colour("--paper");
    context.fillRect(data.x + data.size, data.y - 11, width + 10, 22);
    context.strokeStyle = colours.ink;
    context.beginPath();
    context.arc(data.x, data.y, data.size + 2, 0, 2 * Math.PI);
    context.stroke();
    context.fillStyle = colours.ink;
    context.fillText(data.label, data.x + data.size + 5, data.y + 4);
  }

  const order = nodes.map(({ id }) => id);
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const byLabel = new Map(nodes.map((node) => [node.label, node.id]));

  function focus(id) {
    focused = id;
    near = new Set(graph.neighbors(id));
    const { kind, label, href } = byId.get(id);
    const link = document.createElement(href === null ? "span" : "a");
    if (href !== null) link.href = href;
    link.textContent = label;
    const joined = kind === "dataset" ? "mentioned by" : "mentions";
    const what = kind === "dataset" ? "repositories" : "datasets";
    status.replaceChildren(
      kind === "dataset" ? "Dataset " : "Repository ",
      link,
      `, ${joined} ${near.size} ${
        near.size === 1 ? what.replace(/ies$/, "y").replace(/s$/, "") : what
      } here.`,
    );
    const { x, y } = renderer.getNodeDisplayData(id);
    renderer.refresh({ skipIndexation: true });
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    renderer.getCamera().animate({ x, y }, { duration: still ? 0 : 250 });
  }
  function step(by) {
    const at = focused === undefined ? (by > 0 ? -1 : 0) : order.indexOf(focused);
    focus(order[(at + by + order.length) % order.length]);
  }
  function all() {
    focused = undefined;
    renderer.refresh({ skipIndexation: true });
    renderer.getCamera().animatedReset();
    status.textContent = "All nodes are shown.";
  }

  container.tabIndex = 0;
  container.setAttribute("role", "application");
  container.setAttribute(
    "aria-label",
    "Graph: the arrow keys go from node to node, plus and minus zoom",
  );
  container.setAttribute("aria-describedby", "focused");
  container.addEventListener("keydown", (event) => {
    const keys = {
      ArrowRight: () => step(1),
      ArrowDown: () => step(1),
      ArrowLeft: () => step(-1),
      ArrowUp: () => step(-1),
      Escape: all,
      Enter: () => status.querySelector("a")?.click(),
      "+": () => renderer.getCamera().animatedZoom(),
      "-": () => renderer.getCamera().animatedUnzoom(),
    };
    if (!keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
  const on = (id, type, listener) => document.getElementById(id).addEventListener(type, listener);
  on("next", "click", () => step(1));
  on("previous", "click", () => step(-1));
  on("closer", "click", () => renderer.getCamera().animatedZoom());
  on("farther", "click", () => renderer.getCamera().animatedUnzoom());
  on("all", "click", all);
  on("node", "change", (event) => {
    const id = byLabel.get(event.target.value);
    if (id) focus(id);
  });
  const options = [...byLabel.keys()].slice(0, 2000).map((label) => {
    const option = document.createElement("option");
    option.value = label;
    return option;
  });
  document.getElementById("nodes").append(...options);
  renderer.on("clickNode", ({ node }) => focus(node));
  renderer.on("clickStage", all);
  fitHoles();
  drawHoles();
  tools.hidden = false;
  container.dataset.ready = "yes";
})();

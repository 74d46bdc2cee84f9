/* Draws the figures of a page with Plotly.
 *
 * A figure is <div class="evidence-figure" data-figure="ID"> with a chart area, a table twin in
 * <details open> and, in <script type="application/json" id="ID-data">, {data, layout,
 * layout_narrow, config}. The entries of layout_narrow replace those of layout where the chart
 * area is narrower than layout.meta.narrow_below. Until a picture is drawn the table stands open.
 */

const NARROW_BELOW = 560; // pixels; for layouts that do not say
const PAPER_WIDTH = 720; // pixels; the print stylesheet scales this to the page

const pictures = new Map(); // chart area -> {payload, width, narrow}: what it was last drawn for
let printing = false;

function narrowBelow(payload) {
  return payload.layout.meta?.narrow_below ?? NARROW_BELOW;
}

/* Plotly writes into what it is given, so it gets copies. */
function figureFor(payload, { narrow, width }) {
  const layout = structuredClone({ ...payload.layout, ...(narrow ? payload.layout_narrow : {}) });
  if (width) layout.width = width;
  else delete layout.width;
  layout.autosize = !width;
  layout.dragmode = false; // a finger that drags scrolls the page
  if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) layout.transition = { duration: 0 };
  const config = { ...payload.config, displayModeBar: false, responsive: false };
  return { data: structuredClone(payload.data), layout, config };
}

/* Room that Plotly made for the words of one layout stays when it changes to the other, and cuts off its words. So
   between the narrow and the wide one it begins anew. */
function render(area, options) {
  const picture = pictures.get(area);
  const { data, layout, config } = figureFor(picture.payload, options);
  const anew = picture.narrow !== Boolean(options.narrow);
  picture.narrow = Boolean(options.narrow);
  if (anew) window.Plotly.purge(area);
  return window.Plotly.react(area, data, layout, config);
}

function fit(area) {
  const picture = pictures.get(area);
  const width = area.clientWidth;
  if (printing || !picture || !width || width === picture.width) return;
  picture.width = width;
  render(area, { narrow: width < narrowBelow(picture.payload) });
}

const observer = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));

async function draw(block) {
  const area = block.querySelector(".evidence-figure__chart");
  const source = document.getElementById(`${block.dataset.figure}-data`);
  if (!area || pictures.has(area)) return;
  if (!source || !window.Plotly) {
    area.hidden = true;
    return;
  }
  const payload = JSON.parse(source.textContent);
  const width = area.clientWidth;
  pictures.set(area, { payload, width });
  try {
    await render(area, { narrow: width < narrowBelow(payload) });
  } catch (error) {
    pictures.delete(area);
    area.hidden = true;
    throw error;
  }
  area.querySelectorAll(".evidence-figure__spacer").forEach((spacer) => spacer.remove());
  // The picture carries its own words; the page's copy of them stays for those who listen.
  block.classList.toggle("evidence-figure--worded", Boolean(payload.layout.title?.text));
  block.querySelectorAll("[data-download]").forEach((button) => { button.hidden = false; });
  block.querySelectorAll(".evidence-figure__table").forEach((twin) => { twin.open = false; });
  observer.observe(area);
}

function drawAll() {
  document.querySelectorAll(".evidence-figure[data-figure]").forEach(draw);
}

function forget(area) {
  if (!pictures.delete(area)) return;
  observer.unobserve(area);
  window.Plotly.purge(area);
}

/* The picture that is saved is the wide one, whatever the screen. */
function save(button) {
  const block = button.closest(".evidence-figure");
  const { payload } = pictures.get(block.querySelector(".evidence-figure__chart"));
  const width = narrowBelow(payload);
  const figure = figureFor(payload, { width });
  const title = block.querySelector(".evidence-figure__title").textContent;
  return window.Plotly.downloadImage(figure, {
    format: button.dataset.download,
    filename: title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 80),
    width,
    height: figure.layout.height ?? 480,
    scale: 2,
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-download]");
  if (button) save(button);
});
document.addEventListener("htmx:afterSettle", drawAll);
document.addEventListener("htmx:beforeCleanupElement", (event) => forget(event.target));
window.addEventListener("beforeprint", () => {
  printing = true;
  pictures.forEach((_, area) => render(area, { width: PAPER_WIDTH }));
});
window.addEventListener("afterprint", () => {
  printing = false;
  pictures.forEach((picture, area) => {
    picture.width = 0;
    fit(area);
  });
});

drawAll();

/* Small comforts for pages with a filter panel. Without this file the form works as it stands. */

const DESKTOP = window.matchMedia("(min-width: 48.0625em)");

/* A panel that a desktop shows anyway must also call itself open to assistive technology. */
function openPanels() {
  if (DESKTOP.matches) {
    document.querySelectorAll(".evidence-filters").forEach((panel) => { panel.open = true; });
  }
}

/* Keeps addresses short enough to read and hand on: what was left blank is not a filter. */
function dropBlanks(event) {
  if (!event.target.closest(".evidence-filters")) return;
  const fields = event.formData;
  for (const name of new Set(fields.keys())) {
    const kept = fields.getAll(name).filter((value) => value !== "");
    fields.delete(name);
    kept.forEach((value) => fields.append(name, value));
  }
}

/* The server sends a panel as it looks to a newcomer. Whoever is working in it finds it again as it
   was: the same lists unfolded, the same field in focus, the page no further up or down. */
let place = null;

function folds() {
  return [...document.querySelectorAll(".evidence-filters, .evidence-facet__more")];
}

function nameOf(fold) {
  return fold.closest("fieldset")?.id ?? "panel";
}

function remember() {
  place = {
    open: new Set(folds().filter((fold) => fold.open).map(nameOf)),
    focus: document.activeElement?.id,
    top: window.scrollY,
  };
}

function restore() {
  if (!place) return;
  folds().forEach((fold) => { fold.open = fold.open || place.open.has(nameOf(fold)); });
  const focused = place.focus && document.getElementById(place.focus);
  if (focused) focused.focus({ preventScroll: true });
  window.scrollTo({ top: place.top, behavior: "instant" });
  place = null;
}

/* Says the new count aloud; the region must exist, empty, before its text changes. */
const status = document.createElement("p");
status.className = "govuk-visually-hidden";
status.setAttribute("role", "status");
document.querySelector("main").append(status);

function announce() {
  const count = document.querySelector(".evidence-count");
  status.textContent = count ? count.textContent.trim() : "";
}

/* A refused selection is answered with a page that says why; a lost line with the browser's own. */
function showWholePage(event) {
  window.location.assign(event.detail.pathInfo.finalRequestPath);
}

openPanels();
DESKTOP.addEventListener("change", openPanels);
document.addEventListener("formdata", dropBlanks, true);
document.addEventListener("htmx:beforeSwap", remember);
document.addEventListener("htmx:afterSwap", () => { openPanels(); restore(); });
document.addEventListener("htmx:afterSettle", announce);
document.addEventListener("htmx:responseError", showWholePage);
document.addEventListener("htmx:sendError", showWholePage);

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
document.addEventListener("htmx:afterSettle", () => { openPanels(); announce(); });
document.addEventListener("htmx:responseError", showWholePage);
document.addEventListener("htmx:sendError", showWholePage);

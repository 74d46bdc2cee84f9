/* Lists the chosen files with their sizes, and takes files that are dropped. Without this file the field does. */

const zone = document.getElementById("upload-zone");
const field = document.getElementById("id_files");
const chosen = document.getElementById("upload-chosen");
const largest = Number(field.dataset.largest);
const MEGABYTE = 1024 * 1024;

function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  return bytes < MEGABYTE ? `${Math.round(bytes / 1024)} KB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;
}

function list() {
  chosen.replaceChildren();
  if (!field.files.length) return;
  const heading = document.createElement("p");
  heading.className = "govuk-body upload-chosen__heading";
  heading.textContent = field.files.length === 1 ? "1 file chosen:" : `${field.files.length} files chosen:`;
  const names = document.createElement("ul");
  names.className = "govuk-list govuk-list--bullet";
  for (const file of field.files) {
    const item = document.createElement("li");
    item.textContent = `${file.name}, ${size(file.size)}`;
    if (file.size > largest) {
      item.className = "upload-chosen__large";
      item.textContent += `: too large, ${size(largest)} is the most`;
    }
    names.append(item);
  }
  chosen.append(heading, names);
}

function over(event) {
  if (![...event.dataTransfer.types].includes("Files")) return;
  event.preventDefault();
  zone.classList.add("upload-zone--over");
}

function leave(event) {
  if (!zone.contains(event.relatedTarget)) zone.classList.remove("upload-zone--over");
}

function drop(event) {
  zone.classList.remove("upload-zone--over");
  if (event.target === field || !event.dataTransfer.files.length) return; /* the field takes its own */
  event.preventDefault();
  field.files = event.dataTransfer.files;
  list();
}

zone.classList.add("upload-zone--scripted");
field.addEventListener("change", list);
zone.addEventListener("dragover", over);
zone.addEventListener("dragleave", leave);
zone.addEventListener("drop", drop);
list();

/* Renews the progress of a load while its page is open. Without this file the Refresh link does. */

const PERIOD = 1000;
const SLOWER = 5000;
/* Aloud only a new step, and every quarter of it. */
const ALOUD = 25;

const work = document.getElementById("load-work");
const words = document.getElementById("work-words");
const elapsed = document.getElementById("work-elapsed");
const said = document.getElementById("work-said");
const noWorker = document.getElementById("work-no-worker");
const bar = work.querySelector("progress");
let last = "";

function show(state) {
  words.textContent = state.words;
  elapsed.textContent = state.elapsed;
  noWorker.hidden = state.worker;
  if (state.percent === null) {
    bar.removeAttribute("value");
  } else {
    bar.max = 100;
    bar.value = state.percent;
  }
  const now = `${state.step} ${state.percent === null ? "" : Math.floor(state.percent / ALOUD)}`;
  if (now !== last) {
    last = now;
    said.textContent = state.words;
  }
}

async function renew() {
  let wait = PERIOD;
  try {
    const answer = await fetch(work.dataset.progress, { headers: { Accept: "application/json" } });
    if (answer.ok && answer.headers.get("Content-Type").startsWith("application/json")) {
      const state = await answer.json();
      if (!state.open) {
        window.location.reload();
        return;
      }
      show(state);
    } else {
      return; /* signed out, or gone: the Refresh link says which */
    }
  } catch {
    wait = SLOWER; /* no connection at the moment */
  }
  window.setTimeout(renew, document.hidden ? SLOWER : wait);
}

window.setTimeout(renew, PERIOD);

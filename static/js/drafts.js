/* Keeps a draft while somebody types, and says what became of it. Without this file the buttons work as they stand.
 *
 * htmx saves after a pause. What it has not sent yet is sent when the page is left or another tab is looked at, and
 * once more when the page comes back to sight after a refusal, for instance from signing in elsewhere. Whether that
 * reaches the server before the page is asked for again cannot be known, so the tab keeps it as well until then.
 */

const said = document.getElementById("draft-status");
const form = said.closest("form");
const address = form.getAttribute("hx-post");

let changes = 0;
let saved = 0;
let sending = 0;
let leavingBySubmit = false;
let leftUnsaved = false;

/* A new sign-in renews the token that every form must carry; the cookie always has the present one. */
function renewToken() {
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (cookie) form.elements.csrfmiddlewaretoken.value = cookie[1];
}

function say(sentence, failed) {
  said.textContent = sentence;
  said.classList.toggle("workbench-status--failed", failed);
}

function sayRefusal(status) {
  if (status === 401) {
    say("Not saved: you have been signed out. Your text is still here. ", true);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = "/accounts/login/?next=/manage/";
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in (opens in a new tab)";
    said.append(link, ", then come back: it is saved by itself.");
  } else if (status === 403 || status === 404) {
    say("Not saved: this account may not save it. Your text is still here. Sign in with the account that began.", true);
  } else {
    say("Not saved: the server could not take it. Your text is still here. Try the Save draft button.", true);
  }
}

function sayUnconnected() {
  say("Not saved: no connection. Your text is still here and is saved with your next change.", true);
}

function showState(part) {
  const fresh = part.querySelector("[data-said]");
  if (fresh) say(fresh.dataset.said, fresh.hasAttribute("data-refused"));
}

async function saveNow() {
  if (changes === saved || leavingBySubmit) return;
  renewToken();
  const until = changes;
  const body = new URLSearchParams(new FormData(form));
  try {
    const answer = await fetch(address, {
      method: "POST",
      body,
      headers: { "HX-Request": "true" },
      // Browsers let a page that closes send 64 kB; a longer form is kept in the tab alone.
      keepalive: body.toString().length < 60000,
    });
    if (![200, 400, 409].includes(answer.status)) {
      sayRefusal(answer.status);
      return;
    }
    if (answer.ok) saved = Math.max(saved, until);
    const state = document.getElementById("draft-state");
    const parsed = new DOMParser().parseFromString(await answer.text(), "text/html");
    state.replaceChildren(...parsed.body.childNodes);
    showState(state);
  } catch {
    sayUnconnected();
  }
}

/* Only what was not confirmed when the leaving began, only in this tab, and only until the page is open again. A save
   that is confirmed while the page goes may still have come after the page that is asked for was read. */
function keepInTab() {
  if ((leftUnsaved || changes !== saved) && !leavingBySubmit) {
    sessionStorage.setItem(address, JSON.stringify([...new FormData(form)]));
  }
}

function takeFromTab() {
  const kept = sessionStorage.getItem(address);
  if (!kept) return;
  sessionStorage.removeItem(address);
  for (const [name, value] of JSON.parse(kept)) {
    const field = form.elements[name];
    if (field && name !== "csrfmiddlewaretoken") field.value = value;
  }
  changes += 1;
  saveNow();
}

form.addEventListener("input", () => {
  changes += 1;
});
form.addEventListener("submit", () => {
  leavingBySubmit = true;
});
window.addEventListener("pageshow", () => {
  leavingBySubmit = false;
});
window.addEventListener("beforeunload", () => {
  leftUnsaved = changes !== saved;
  saveNow();
});
window.addEventListener("pagehide", keepInTab);
document.addEventListener("visibilitychange", saveNow);

document.addEventListener("htmx:configRequest", (event) => {
  renewToken();
  event.detail.parameters.csrfmiddlewaretoken = form.elements.csrfmiddlewaretoken.value;
  sending = changes;
});
document.addEventListener("htmx:afterRequest", (event) => {
  if (event.detail.xhr.status === 200) saved = Math.max(saved, sending);
});
document.addEventListener("htmx:responseError", (event) => sayRefusal(event.detail.xhr.status));
document.addEventListener("htmx:sendError", sayUnconnected);
document.addEventListener("htmx:afterSwap", () => showState(document.getElementById("draft-state")));

takeFromTab();

/* What was typed before this file ran was heard by nobody. */
const typedBefore = [...form.elements].some((field) =>
  field.type === "radio"
    ? field.checked !== field.defaultChecked
    : field.type === "textarea" && field.value !== field.defaultValue,
);
if (typedBefore && changes === 0) {
  changes = 1;
  saveNow();
}

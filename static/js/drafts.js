/* Says what became of a draft that is saved while somebody types. Without this file the buttons work as they stand. */

const said = document.getElementById("draft-status");

function fail(sentence) {
  said.textContent = sentence;
}

document.addEventListener("htmx:responseError", (event) => {
  fail(
    event.detail.xhr.status === 401 || event.detail.xhr.status === 403
      ? "Not saved: you have been signed out. Your text is still here. Sign in in another window, then save."
      : "Not saved: the server could not take it. Your text is still here. Try the Save draft button.",
  );
});
document.addEventListener("htmx:sendError", () => {
  fail("Not saved: no connection. Your text is still here and is saved with your next change.");
});
document.addEventListener("htmx:afterSwap", () => {
  const fresh = document.querySelector("#draft-state [data-said]");
  if (fresh) said.textContent = fresh.dataset.said;
});

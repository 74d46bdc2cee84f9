/* Marks the page as scripted, starts the design system's components on it, and keeps the token of its forms fresh. */
const { createAll, ...components } = window.GOVUKFrontend;

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of Object.values(components)) {
  createAll(component);
}

/* A new sign-in, perhaps in another tab, renews the token that every form must carry. The cookie has the present one,
   so that a page that was open meanwhile can still be sent. */
document.addEventListener("submit", (event) => {
  const token = event.target.elements.csrfmiddlewaretoken;
  const cookie = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (token && cookie) token.value = cookie[1];
});

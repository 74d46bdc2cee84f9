/* Marks the page as scripted and starts the design system's components on it. */
const { createAll, ...components } = window.GOVUKFrontend;

document.body.classList.add("js-enabled", "govuk-frontend-supported");
for (const component of Object.values(components)) {
  createAll(component);
}

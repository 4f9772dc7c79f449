// Giving a login: only what the chosen role needs is shown. Without this file all of it is.
"use strict";

for (const form of document.querySelectorAll("form[data-kinds]")) {
  const kinds = JSON.parse(form.dataset.kinds);
  const show = () => {
    const role = form.querySelector("[name=role]:checked");
    const kind = role ? kinds[role.value] : "";
    for (const part of form.querySelectorAll("[class*=fg-for-]")) {
      part.hidden = part.classList.contains("fg-for-named") ? kind === "worker" : !part.classList.contains("fg-for-" + kind);
    }
  };
  form.addEventListener("change", show);
  show();
}

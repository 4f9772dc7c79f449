// Giving a login: only what the chosen role needs is shown. Without this file all of it is.
"use strict";

for (const form of document.querySelectorAll("form.fg-by-role")) {
  const show = () => {
    const role = form.querySelector("[name=role]:checked");
    const wanted = "fg-for-" + (role ? role.value : "nobody");
    for (const part of form.querySelectorAll("[class*=fg-for-]")) part.hidden = !part.classList.contains(wanted);
  };
  form.addEventListener("change", show);
  show();
}

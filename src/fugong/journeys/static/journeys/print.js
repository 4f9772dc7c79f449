// A button prints the sheet that it stands on.
"use strict";
document.querySelector("[data-print]")?.addEventListener("click", () => window.print());

// A download that takes more than two seconds says so; the answer brings a cookie that ends the waiting.
(() => {
  const name = "fugong-made";
  for (const link of document.querySelectorAll("a[data-waits]")) {
    link.addEventListener("click", () => {
      const note = document.getElementById(link.dataset.waits);
      const token = Math.random().toString(36).slice(2, 12);
      const address = new URL(link.href);
      address.searchParams.set("made", token);
      link.href = address.href;
      const slow = setTimeout(() => { note.hidden = false; }, 2000);
      const watch = setInterval(() => {
        if (!document.cookie.includes(`${name}=${token}`)) return;
        clearTimeout(slow);
        clearInterval(watch);
        note.hidden = true;
      }, 200);
    });
  }
})();

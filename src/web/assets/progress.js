"use strict";
// What the service is doing while a form is being handed in; a page that is loaded again listens on.
(() => {
  const form = document.querySelector("form[data-hand-in]"), said = document.querySelector("[data-progress]");
  if (!said) return;
  let begun = Boolean(said.dataset.busy);
  const listen = (onDone) => {
    const source = new EventSource("/own/progress");
    source.addEventListener("step", (e) => { begun = true; said.hidden = false; said.textContent = "正在提交：" + e.data + "…"; });
    source.addEventListener("done", () => { source.close(); onDone(source); });
  };
  if (form) form.addEventListener("submit", () => {
    form.querySelector("button").disabled = true;
    said.hidden = false; said.textContent = "正在提交…";
    // the answer to the form replaces this page; until then the words are shown
    const again = () => listen(() => { if (!begun) setTimeout(again, 100); });
    again();
  });
  if (begun) listen(() => { location.href = "/own/paper"; });
})();

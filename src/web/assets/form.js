"use strict";
// Live checks of a form: what the service would find is shown beside the fields while they are filled in. Nothing is saved by it.
(() => {
  const form = document.querySelector("form[data-live]");
  if (!form) return;
  const state = form.querySelector("[data-state]");
  const touched = new Set();
  let timer = 0, asked = 0, changed = false;
  const count = (area) => {
    const said = area.parentElement.querySelector("[data-count]") || area.insertAdjacentElement("afterend", Object.assign(document.createElement("p"), { className: "quiet" }));
    said.dataset.count = "";
    const n = [...area.value.replace(/\s/g, "")].length, most = Number(area.dataset.most);
    said.textContent = "现有 " + n + " 字" + (most ? "，最多 " + most + " 字" : "");
  };
  for (const area of form.querySelectorAll("textarea")) { count(area); area.addEventListener("input", () => count(area)); }
  const show = (found) => {
    for (const box of form.querySelectorAll("[data-told]")) {
      if (!touched.has(box.dataset.told)) continue;
      const mine = found.filter((f) => f.key === box.dataset.told);
      box.replaceChildren(...mine.map((f) => Object.assign(document.createElement("p"), { className: f.class, textContent: f.words })));
      const field = box.closest(".field");
      if (field) field.classList.toggle("bad", mine.length > 0);
    }
  };
  const check = async () => {
    const mine = ++asked;
    try {
      const reply = await fetch(form.dataset.live, { method: "POST", headers: { "X-CSRF": form.elements.csrf.value }, body: new URLSearchParams(new FormData(form)) });
      if (reply.ok && mine === asked) { show(await reply.json()); state.textContent = changed ? "有改动没有保存。" : ""; }
    } catch (e) { state.textContent = "网络不通，暂时不能边填边查；保存前请不要关闭本页。"; }
  };
  form.addEventListener("input", (e) => { changed = true; touched.add(e.target.name); clearTimeout(timer); timer = setTimeout(check, 600); });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (e) => { if (changed) e.preventDefault(); });
})();

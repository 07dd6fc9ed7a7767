"use strict";
// Files dropped on a form, and the progress of an upload. Without it the form uploads just the same.
(() => {
  for (const form of document.querySelectorAll("form[data-drop]")) {
    const input = form.querySelector("input[type=file]"), said = form.querySelector("[data-progress]");
    const over = (on) => (e) => { e.preventDefault(); form.classList.toggle("over", on); };
    form.addEventListener("dragover", over(true));
    form.addEventListener("dragleave", over(false));
    form.addEventListener("drop", (e) => { over(false)(e); input.files = e.dataTransfer.files; said.textContent = "已选 " + input.files.length + " 个文件。"; });
    form.addEventListener("submit", (e) => {
      e.preventDefault();
      const button = form.querySelector("button"); button.disabled = true;
      const request = new XMLHttpRequest();
      request.open("POST", form.action || location.href);
      request.upload.onprogress = (p) => { if (p.lengthComputable) said.textContent = "已上传 " + Math.floor(p.loaded / p.total * 100) + "%"; };
      request.onerror = () => { button.disabled = false; said.textContent = "上传中断，没有收下。请检查网络后再试。"; };
      request.onload = () => {
        if (request.status < 400) { location.href = request.responseURL; return; }
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        const words = page.querySelector("main .panel");
        said.textContent = words ? words.textContent.trim() : "没有收下，请再试。";
        button.disabled = false;
      };
      request.send(new FormData(form));
    });
  }
})();

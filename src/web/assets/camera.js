"use strict";
// A camera on the desk page: the browser's own reader where there is one, else frames that the service reads.
(() => {
  const button = document.getElementById("camera");
  const lens = document.getElementById("lens");
  if (!button || !lens) return;
  const view = document.getElementById("view");
  const said = document.getElementById("lensstate");
  const csrf = document.querySelector("meta[name=csrf]").content;
  let stream = null, seen = "", seenAt = 0, busy = false, timer = 0;
  const found = (digits) => {
    // a page that stays in view counts once
    if (digits === seen && Date.now() - seenAt < 5000) { seenAt = Date.now(); return; }
    seen = digits; seenAt = Date.now();
    said.textContent = "读到一页。";
    window.sanlianTake(digits);
  };
  const mark = (text) => { const run = text.match(/871\d{232}(?!\d)/); return run ? run[0] : ""; };
  const by = async () => {
    if (!("BarcodeDetector" in window)) return null;
    try {
      const kinds = await window.BarcodeDetector.getSupportedFormats();
      return kinds.includes("qr_code") ? new window.BarcodeDetector({ formats: ["qr_code"] }) : null;
    } catch (e) { return null; }
  };
  const frame = () => new Promise((done) => {
    const wide = Math.min(view.videoWidth, 1920), scale = wide / view.videoWidth;
    const canvas = document.createElement("canvas");
    canvas.width = wide; canvas.height = Math.round(view.videoHeight * scale);
    canvas.getContext("2d").drawImage(view, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(done, "image/jpeg", 0.85);
  });
  const look = async (detector) => {
    if (busy || !stream || !view.videoWidth) return;
    busy = true;
    try {
      if (detector) {
        for (const code of await detector.detect(view)) { const m = mark(code.rawValue); if (m) found(m); }
      } else {
        const reply = await fetch("/scans/frame", { method: "POST", headers: { "X-CSRF": csrf, "Content-Type": "image/jpeg" }, body: await frame() });
        if (reply.ok) for (const digits of (await reply.json()).digits) found(digits);
      }
    } catch (e) { said.textContent = "这一帧没有读成，接着看。"; }
    busy = false;
  };
  const stop = () => {
    clearInterval(timer);
    if (stream) stream.getTracks().forEach((t) => t.stop());
    stream = null; lens.hidden = true; button.textContent = "用摄像头";
  };
  button.addEventListener("click", async () => {
    if (stream) { stop(); return; }
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } } });
    } catch (e) { lens.hidden = false; said.textContent = "打不开摄像头：请允许本页使用摄像头，并用 https 或本机地址打开。"; return; }
    lens.hidden = false; button.textContent = "关摄像头"; said.textContent = "请把二维码放在画面中。";
    view.srcObject = stream; await view.play();
    const detector = await by();
    timer = setInterval(() => look(detector), detector ? 200 : 700);
  });
})();

"use strict";
// The receiving desk in a browser. The field is always ready; each entry gets a number of its own, is sent in order and is kept
// until the service has answered, so that a network that drops loses nothing and nothing is entered twice.
(() => {
  const form = document.getElementById("scanner");
  if (!form) return;
  const field = document.getElementById("text");
  const csrf = form.elements.csrf.value;
  const answer = document.getElementById("answer");
  const state = document.getElementById("state");
  const tally = document.getElementById("tally");
  const history = document.getElementById("history");
  const undo = document.getElementById("undo");
  const mute = document.getElementById("mute");
  const test = document.getElementById("test");
  const offline = document.getElementById("offline");
  document.getElementById("tools").hidden = false;
  const KEY = "sanlian-desk-queue";
  const session = Date.now().toString(36) + "-" + Math.random().toString(36).slice(2, 10);
  let count = 0, held = "", sending = false, testing = false, last = null, composing = false, audio = null;
  const sums = new Map();
  let queue = [];
  try { queue = JSON.parse(localStorage.getItem(KEY) || "[]"); } catch (e) { queue = []; }
  const keep = () => { try { localStorage.setItem(KEY, JSON.stringify(queue)); } catch (e) { /* a full store: the page still holds them */ } };

  const post = async (to, data) => {
    const reply = await fetch(to, { method: "POST", headers: { "X-CSRF": csrf }, body: new URLSearchParams(data) });
    const body = await reply.json().catch(() => null);
    if (reply.redirected || !body) { const e = new Error("login"); e.login = reply.redirected; e.status = reply.status; throw e; }
    if (!reply.ok) { const e = new Error(body.detail || "没有办成"); e.status = reply.status; e.told = true; throw e; }
    return body;
  };

  const tone = (light) => {
    if (mute.checked) return;
    try {
      audio = audio || new (window.AudioContext || window.webkitAudioContext)();
      const notes = { green: [[880, 0.12]], amber: [[660, 0.15], [660, 0.15]], red: [[220, 0.5]] }[light] || [];
      let at = audio.currentTime;
      for (const [pitch, long] of notes) {
        const o = audio.createOscillator(), g = audio.createGain();
        o.frequency.value = pitch; g.gain.value = 0.2;
        o.connect(g).connect(audio.destination); o.start(at); o.stop(at + long); at += long + 0.05;
      }
    } catch (e) { /* no sound here */ }
  };

  const icons = { green: "✔", amber: "！", red: "✘" };
  const line = (kind, words, parent) => { const e = document.createElement(kind); e.textContent = words; parent.append(e); return e; };
  const panel = (a) => {
    const box = document.createElement("div");
    box.className = "panel big " + a.light;
    line("p", icons[a.light] + " " + a.word, box).className = "verdict";
    for (const words of [a.what, a.unit, a.reason]) if (words) line("p", words, box);
    if (a.differences && a.differences.length) { const list = line("ul", "", box); a.differences.forEach((d) => line("li", d, list)); }
    return box;
  };
  const told = (light, word, reason) => { answer.replaceChildren(panel({ light, word, reason, what: "", unit: "" })); tone(light); };

  const show = (entry, reply) => {
    held = reply.held || "";
    if (reply.waiting > 0) state.textContent = "还差 " + reply.waiting + " 位，请继续扫。";
    else state.textContent = "准备好了，请扫码。";
    if (!reply.answers.length) return;
    answer.replaceChildren(...reply.answers.map(panel));
    const rank = { green: 0, amber: 1, red: 2 };
    tone(reply.answers.map((a) => a.light).sort((a, b) => rank[b] - rank[a])[0]);
    for (const a of reply.answers) {
      sums.set(a.word, (sums.get(a.word) || 0) + 1);
      const row = document.createElement("li");
      row.textContent = icons[a.light] + " " + a.word + " " + a.what + " " + a.unit;
      history.prepend(row);
      if (history.children.length > 500) history.lastChild.remove();
    }
    const all = [...sums.values()].reduce((a, b) => a + b, 0);
    tally.textContent = "共 " + all + " 页：" + [...sums].map(([v, n]) => v + " " + n).join("，") + "。";
    last = entry; undo.disabled = false;
  };

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const send = async () => {
    if (sending) return;
    sending = true;
    while (queue.length) {
      const entry = queue[0];
      if (held && !entry.held) { entry.held = held; keep(); }
      try {
        const reply = await post("/desk/scan", entry);
        queue.shift(); keep();
        offline.hidden = true;
        show(entry, reply);
      } catch (e) {
        if (e.login || e.status === 401) { state.textContent = "登录已过期。请在新页面登录后回到这里，已扫的 " + queue.length + " 页会接着登记。"; offline.hidden = false; offline.textContent = "待登记 " + queue.length; await pause(5000); continue; }
        if (e.told && e.status < 500 && e.status !== 429) { queue.shift(); keep(); told("red", "没有登记", e.message); continue; }
        offline.hidden = false; offline.textContent = "网络不通，待登记 " + queue.length + " 页";
        state.textContent = "可以接着扫，网络恢复后自动登记。";
        await pause(1500);
      }
    }
    sending = false;
  };

  const take = (text) => {
    text = text.trim();
    if (!text) return;
    if (testing) {
      testing = false;
      post("/desk/test", { id: "test", text, held: "" }).then((r) => told(r.good ? "green" : "amber", r.good ? "自检通过" : "自检未通过", r.words)).catch((e) => told("red", "自检没有完成", e.message));
      return;
    }
    count += 1;
    queue.push({ id: session + "-" + count, text, held: "" });
    keep(); send();
  };
  window.sanlianTake = take;

  const ready = () => { if (document.activeElement === document.body || document.activeElement === null) field.focus(); };
  field.addEventListener("compositionstart", () => { composing = true; });
  field.addEventListener("compositionend", () => { composing = false; });
  const flush = () => { const text = field.value; field.value = ""; take(text); };
  field.addEventListener("keydown", (e) => {
    // the Enter that ends a composition, and the Tab of a scanner, both end an entry
    if (e.key === "Enter" || e.keyCode === 13 || (e.key === "Tab" && field.value.trim().length > 20)) {
      e.preventDefault();
      // at once, or what a scanner types next would come along; a composition is not in the field before it has ended
      if (composing) setTimeout(flush, 30); else flush();
    }
  });
  field.addEventListener("input", () => { if (/[\r\n\t]/.test(field.value)) flush(); });
  field.addEventListener("paste", () => setTimeout(() => { if (field.value.replace(/\D/g, "").length >= 235) flush(); }, 0));
  form.addEventListener("submit", (e) => { e.preventDefault(); flush(); });
  // what a scanner types while the focus is on the page itself is not lost
  document.addEventListener("keydown", (e) => {
    if (e.ctrlKey && e.key === "z" && field.value === "") { e.preventDefault(); undo.click(); return; }
    const at = document.activeElement;
    if (e.ctrlKey || e.altKey || e.metaKey || (at && at !== document.body && at.id !== "main")) return;
    if (e.key.length === 1) field.focus();
  });
  window.addEventListener("focus", ready);
  setInterval(ready, 1000);

  undo.addEventListener("click", async () => {
    if (!last) return;
    const entry = last;
    try {
      const reply = await post("/desk/undo", entry);
      told(reply.done ? "amber" : "red", reply.done ? "已撤销" : "没有撤销", reply.words);
      if (reply.done) { last = null; undo.disabled = true; line("li", "↶ " + reply.words, history); history.prepend(history.lastChild); }
    } catch (e) { told("red", "没有撤销", e.message); }
    field.focus();
  });
  mute.addEventListener("change", () => field.focus());
  test.addEventListener("click", () => { testing = true; state.textContent = "自检：请用扫码枪扫任意一页上的二维码，不会登记。"; field.focus(); });
  window.addEventListener("online", send);
  window.addEventListener("beforeunload", (e) => { if (queue.length) e.preventDefault(); });
  if (queue.length) send();
  field.focus();
})();

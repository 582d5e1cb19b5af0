// Making the bot's network bad on purpose: cut off, rate-limited, slow.

import * as api from "./api.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./overlay.js";

const KINDS = [
  { kind: "reset", label: "断网", hint: "机器人的每次连接都被断开", fault: { method: "*", kind: "reset", share: 1 } },
  { kind: "429", label: "限流", hint: "三次里有两次答“请求太多，3 秒后再来”", fault: { method: "*", kind: "429", retry_after: 3, share: 0.67 } },
  { kind: "slow", label: "慢", hint: "每次答复都拖上几秒", fault: { method: "*", kind: "slow", share: 1 } },
];

export function faultsPanel() {
  const on = new Set();
  const opener = button("网络故障", () => toggle(), { class: "with-icon", "aria-expanded": "false", "aria-haspopup": "true" }, icon("bolt"), el("span", {}, "网络"));
  const boxes = KINDS.map((one) => switchFor(one, on, () => paint()));
  const panel = el("div", { class: "panel", hidden: true, role: "group", "aria-label": "网络故障", onkeydown: (event) => {
    if (event.key === "Escape") toggle(false);
  } }, el("p", {}, "让机器人的网络坏一会儿，看看会不会丢东西"), boxes);
  const node = el("div", { class: "faults" }, opener, panel);
  const paint = () => {
    opener.classList.toggle("alarm", on.size > 0);
    opener.querySelector("span").textContent = on.size ? KINDS.filter(({ kind }) => on.has(kind)).map(({ label }) => label).join("、") : "网络";
  };
  const toggle = (open = panel.hidden) => {
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    (open ? panel.querySelector("input") : opener).focus();
  };
  document.addEventListener("pointerdown", (event) => !panel.hidden && !node.contains(event.target) && (panel.hidden = true));
  return node;
}

function switchFor({ kind, label, hint }, on, paint) {
  const box = el("input", { type: "checkbox", role: "switch", "aria-label": label, onchange: async () => {
    if (box.checked) on.add(kind);
    else on.delete(kind);
    await apply(on).catch(complain);
    paint();
  } });
  return el("label", { class: "switch" }, box, el("span", {}, el("b", {}, label), el("small", {}, hint)));
}

/** The server knows only "all off" and "one more": begin from none each time. */
async function apply(on) {
  await api.remove("faults");
  for (const { kind, fault } of KINDS) if (on.has(kind)) await api.post("faults", fault);
}

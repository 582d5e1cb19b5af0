// Making the bot's network bad on purpose: cut off, rate-limited, slow.

import * as api from "./api.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { complain } from "./overlay.js";

const KINDS = [
  { kind: "reset", label: "断网", hint: "机器人的每次连接都被断开", fault: { method: "*", kind: "reset" } },
  { kind: "429", label: "限流", hint: "三次里有两次答“请求太多，3 秒后再来”", fault: { method: "*", kind: "429", retry_after: 3, share: 0.67 } },
  { kind: "slow", label: "慢", hint: "每次答复都拖上 2 秒", fault: { method: "*", kind: "slow", seconds: 2 } },
];

export class FaultsPanel {
  constructor() {
    this.name = el("span", {}, "网络");
    this.opener = button("网络故障", () => this.toggle(), { class: "with-icon", "aria-expanded": "false" }, icon("bolt"), this.name);
    this.boxes = new Map(KINDS.map(({ kind, label }) => [kind, el("input", { type: "checkbox", role: "switch", "aria-label": label, onchange: () => this.apply() })]));
    const lines = KINDS.map(({ kind, label, hint }) =>
      el("label", { class: "switch" }, this.boxes.get(kind), el("span", {}, el("b", {}, label), el("small", {}, hint))));
    this.panel = el("div", { class: "panel", hidden: true, role: "group", "aria-label": "网络故障", onkeydown: (event) => {
      if (event.key === "Escape") this.toggle(false);
    } }, el("p", {}, "让机器人的网络坏一会儿，看看会不会丢东西"), lines);
    this.node = el("div", { class: "faults" }, this.opener, this.panel);
    document.addEventListener("pointerdown", (event) => !this.panel.hidden && !this.node.contains(event.target) && this.toggle(false, false));
    this.look();
  }

  toggle(open = this.panel.hidden, focus = true) {
    this.panel.hidden = !open;
    this.opener.setAttribute("aria-expanded", String(open));
    if (open) this.look();
    if (focus) (open ? this.panel.querySelector("input") : this.opener).focus();
  }

  /** Show what is switched on in the sandbox, whoever did it. */
  async look() {
    const { faults } = await api.get("faults").catch(() => ({ faults: [] }));
    for (const [kind, box] of this.boxes) box.checked = faults.some((fault) => fault.kind === kind && fault.method === "*");
    this.paint();
  }

  /** The server can add one and clear all: begin from none each time. */
  async apply() {
    const wanted = KINDS.filter(({ kind }) => this.boxes.get(kind).checked);
    try {
      await api.remove("faults");
      for (const { fault } of wanted) await api.post("faults", fault);
    } catch (error) {
      complain(error);
    }
    this.paint();
  }

  paint() {
    const on = KINDS.filter(({ kind }) => this.boxes.get(kind).checked);
    this.opener.classList.toggle("alarm", on.length > 0);
    this.name.textContent = on.length ? on.map(({ label }) => label).join("、") : "网络";
  }
}

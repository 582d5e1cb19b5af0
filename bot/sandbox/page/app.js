// The page of the sandbox: several phones that talk to one bot, and a clock that can be moved.

import { clockBar } from "./clockbar.js";
import { Desk } from "./desk.js";
import { button, el } from "./dom.js";
import { FaultsPanel } from "./faults.js";
import { showHints } from "./hints.js";
import { icon } from "./icons.js";
import { World } from "./world.js";

const asked = new URLSearchParams(location.search);
const wanted = (asked.get("phones") ?? "").split(",").map(Number).filter(Boolean);
const world = new World(Number(asked.get("bot")) || undefined);
const desk = new Desk(world, wanted);
const clock = clockBar(world);

function logo() {
  return el("div", { class: "brand" }, el("img", { src: "icon.svg", alt: "", width: "34", height: "34" }),
    el("h1", {}, "驻村通", el("small", {}, "演示 · 不连互联网")));
}

function topBar() {
  const add = button("再摆一部手机", () => desk.add(), { class: "with-icon add-phone" }, icon("plus"), el("span", {}, "手机"));
  desk.onCount = () => { add.disabled = desk.full; };
  document.getElementById("topbar").append(logo(), clock.node, el("div", { class: "tools" }, new FaultsPanel().node, add));
}

function trouble() {
  const line = document.getElementById("trouble");
  line.hidden = !world.trouble;
  line.textContent = world.trouble ? `${world.trouble.message}。正在重新连接…` : "";
}

function tick() {
  clock.show();
  desk.tick(world.now());
}

topBar();
showHints(document.getElementById("hints"));
world.addEventListener("trouble", trouble);
world.addEventListener("clock", tick);
setInterval(tick, 1000);
world.start();

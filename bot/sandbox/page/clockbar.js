// The demo's clock in the top bar: what time it is there, and the three ways to move it on.

import * as api from "./api.js";
import { button, el } from "./dom.js";
import { complain, toast } from "./overlay.js";
import { clockTime, dayName, isoFromWall, monthDay, tomorrowAt, wallTime, weekday, yearName } from "./time.js";

export function clockBar(world) {
  const time = el("time", { class: "now" });
  const date = el("span", { class: "today" });
  const field = el("input", { type: "datetime-local", required: true, "aria-label": "拨到的日期和时间" });
  const go = (to) => move(world, to);
  const jump = el("form", { class: "jump", onsubmit: (event) => {
    event.preventDefault();
    go(isoFromWall(field.value));
  } }, field, el("button", { type: "submit" }, "拨到"));
  const shortcuts = el("div", { class: "shortcuts", role: "group", "aria-label": "拨动演示时钟" },
    button("+1 小时", () => go("+1h")),
    button("明天 9:00", () => go(tomorrowAt(world.now(), "09:00"))),
    button("到周五 16:00", () => go("friday 16:00"), { class: "main" }));
  const show = () => {
    const now = world.now();
    time.textContent = clockTime(now);
    time.dateTime = wallTime(now);
    date.replaceChildren(el("b", {}, weekday(now)), el("span", {}, el("span", { class: "year" }, yearName(now)), monthDay(now)));
  };
  const preset = () => { field.value = wallTime(world.now()); field.min = field.value; };
  world.addEventListener("clock", () => { show(); if (document.activeElement !== field) preset(); });
  const node = el("div", { class: "clock", role: "group", "aria-label": "演示时钟" }, el("div", { class: "reading" }, time, date), shortcuts, jump);
  return { node, show };
}

async function move(world, to) {
  try {
    world.takeClock(await api.post("clock", { to }));
    toast(`演示时间：${dayName(world.now())} ${clockTime(world.now())}`);
  } catch (error) {
    complain(error);
  }
}

// Things that lie on top: toasts, the bot's alert, menus and dialogs. All can be closed with Escape.

import { button, el } from "./dom.js";
import { icon } from "./icons.js";

const TOAST_MS = 4200;

/** A short line that goes away by itself. `host` is a phone's screen or nothing for the whole page. */
export function toast(text, host = document.getElementById("toasts"), kind = "") {
  const line = el("div", { class: `toast ${kind}`, role: kind === "bad" ? "alert" : "status" }, text);
  host.append(line);
  setTimeout(() => line.remove(), TOAST_MS + text.length * 40);
  return line;
}

export const complain = (error, host) => toast(error.message, host, "bad");

/** The bot's answer with show_alert: it stays until it is read. */
export function alertIn(screen, text) {
  const back = document.activeElement;
  const close = () => {
    veil.remove();
    back?.focus?.();
  };
  const ok = button("知道了", close, { class: "primary" });
  const box = el("div", { class: "alert", role: "alertdialog", "aria-modal": "true", "aria-label": text }, el("p", {}, text), ok);
  const veil = el("div", { class: "veil", onkeydown: (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") event.preventDefault();
  } }, box);
  screen.append(veil);
  ok.focus();
}

/** A modal dialog; content gets a function that closes it. Resolves when it is closed. */
export function openDialog(title, build, extra = "") {
  const dialog = el("dialog", { class: `dialog ${extra}`, "aria-label": title });
  const close = () => dialog.close();
  const head = el("header", {}, el("h2", {}, title), button("关闭", close, { class: "round" }, icon("close")));
  dialog.append(head, el("div", { class: "dialog-body" }, build(close)));
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A menu at a button: items are {label, hint?, iconName?, run}. Arrow keys walk, Escape closes. */
export function openMenu(anchor, items, host, place = "up") {
  document.querySelectorAll(".popup").forEach((other) => other.remove());
  const close = (focus) => {
    menu.remove();
    document.removeEventListener("pointerdown", outside, true);
    anchor.setAttribute("aria-expanded", "false");
    if (focus) anchor.focus();
  };
  const outside = (event) => !menu.contains(event.target) && !anchor.contains(event.target) && close();
  const entry = (item) => el("button", {
    type: "button", role: "menuitem", class: item.danger ? "danger" : "", onclick: () => { close(true); item.run(); },
  }, item.iconName && icon(item.iconName), el("span", { class: "menu-label" }, item.label), item.hint && el("small", {}, item.hint));
  const menu = el("div", { class: `popup ${place}`, role: "menu", onkeydown: (event) => walk(event, menu, close) }, items.map(entry));
  anchor.setAttribute("aria-expanded", "true");
  host.append(menu);
  document.addEventListener("pointerdown", outside, true);
  menu.querySelector("button")?.focus();
  return menu;
}

function walk(event, menu, close) {
  const entries = [...menu.querySelectorAll("button")];
  const at = entries.indexOf(document.activeElement);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Escape") close(true);
  if (!step) return;
  event.preventDefault();
  entries[(at + step + entries.length) % entries.length].focus();
}

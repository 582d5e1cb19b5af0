// Choosing a person: from those the sandbox knows, or a new one.

import * as api from "./api.js";
import { avatar, el, splitName } from "./dom.js";
import { icon } from "./icons.js";
import { complain, openDialog } from "./overlay.js";

/** Resolves to a user, or null when the dialog is closed. */
export function choosePerson(world, people, title) {
  return new Promise((done) => {
    let chosen = null;
    const dialog = openDialog(title, (close) => {
      const pick = (user) => {
        chosen = user;
        close();
      };
      return el("div", { class: "people" }, chooser(people, pick), newcomer(world, pick));
    });
    dialog.addEventListener("close", () => done(chosen));
  });
}

function chooser(people, pick) {
  const list = el("ul", { class: "people-list" });
  const show = (words) => {
    const fitting = people.filter((user) => user.name.includes(words));
    list.replaceChildren(...fitting.map((user) => el("li", {}, personButton(user, () => pick(user)))));
    if (!fitting.length) list.append(el("li", { class: "quiet" }, words ? "没有这个名字" : "都已经在桌上了"));
  };
  const search = el("input", { type: "search", placeholder: "找名字或身份", "aria-label": "找名字或身份", oninput: () => show(search.value.trim()) });
  show("");
  return el("div", { class: "chooser" }, people.length > 6 && search, list);
}

export function personButton(user, onclick, note) {
  const { who, role } = splitName(user.name);
  return el("button", { type: "button", class: "person", onclick }, avatar(who, user.id), el("span", {}, el("b", {}, who), el("small", {}, note ?? role)));
}

function newcomer(world, pick) {
  const name = el("input", { required: true, maxlength: "64", placeholder: "如 王小梅 · 新队员", "aria-label": "新来的人的名字", autocomplete: "off" });
  const make = async (event) => {
    event.preventDefault();
    try {
      const user = await api.post("users", { name: name.value.trim() });
      await world.refreshState();
      pick(world.user(user.id) ?? user);
    } catch (error) {
      complain(error);
    }
  };
  return el("form", { class: "newcomer", onsubmit: make }, el("label", {}, "新来的人", name), el("button", { type: "submit" }, icon("plus"), "添上"));
}

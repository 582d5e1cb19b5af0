// Links in messages. A t.me link to this bot can be opened on any phone of the desk; nothing else leaves the page.

import * as api from "./api.js";
import { el } from "./dom.js";
import { complain, openDialog, toast } from "./overlay.js";
import { choosePerson, personButton } from "./people.js";

const DEEP_LINK = /^(https?:\/\/(www\.)?(t|telegram)\.me\/|tg:\/\/resolve\?)/i;

export function openLink(url, phone) {
  if (!DEEP_LINK.test(url)) {
    toast(`演示里不打开外部网址：${url}`, phone.screen, "quiet");
    return;
  }
  openDialog("用谁的手机打开这个链接？", (close) => {
    const go = (owner) => {
      close();
      follow(url, owner);
    };
    const others = phone.desk.phones.filter((other) => other !== phone);
    return el("div", { class: "people" }, el("p", { class: "link-url" }, url), el("ul", { class: "people-list" },
      el("li", {}, personButton(phone.user, () => go(phone), "就在这部手机上")),
      others.map((other) => el("li", {}, personButton(other.user, () => go(other)))),
      el("li", {}, el("button", { type: "button", class: "person plain", onclick: () => {
        close();
        someoneElse(url, phone.desk);
      } }, "别的人，或新来的人…"))));
  });
}

async function someoneElse(url, desk) {
  const user = await choosePerson(desk.world, desk.free, "谁来打开这个链接？");
  if (user) await follow(url, desk.phoneOf(user));
}

async function follow(url, phone) {
  phone.desk.take(phone);
  phone.open(phone.world.chatsOf(phone.user.id)[0]);
  try {
    await api.post("link", { user: phone.user.id, url });
    await phone.world.refresh();
  } catch (error) {
    complain(error, phone.screen);
  }
}

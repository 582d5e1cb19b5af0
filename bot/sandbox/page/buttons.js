// Inline buttons under a bot's message: a press spins until the bot has answered it.

import * as api from "./api.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { alertIn, complain, toast } from "./overlay.js";

const ANSWER_SECONDS = 12;

export function inlineKeyboard(row, phone) {
  const owner = row.messages.find((message) => message.keyboard?.length);
  if (!owner) return null;
  return el("div", { class: "keyboard", role: "group", "aria-label": "按钮" }, owner.keyboard.map((line, y) =>
    el("div", { class: "keyboard-row" }, line.map((key, x) => oneButton(owner, key, y, x, row.feed, phone)))));
}

function oneButton(message, key, y, x, feed, phone) {
  const name = `${phone.user.id}:${message.message_id}:${y}:${x}`;
  if (key.url) {
    return el("button", { type: "button", class: "key link", title: key.url, onclick: () => phone.openLink(key.url) }, key.text, icon("link"));
  }
  const busy = feed.pressing.has(name);
  return el("button", { type: "button", class: busy ? "key busy" : "key", "aria-busy": String(busy), "data-key": `${message.message_id}:${y}:${x}`,
    onclick: () => !feed.pressing.has(name) && press(message, key, [y, x], feed, name, phone) }, key.text);
}

async function press(message, key, [row, col], feed, name, phone) {
  const done = feed.press(name);
  try {
    const { callback_query_id: id } = await api.post("press", { ...phone.address(), message_id: message.message_id, data: key.data, row, col });
    const answer = await api.get("answers", { callback_query_id: id, wait: ANSWER_SECONDS });
    if (!answer.answered) toast("机器人还没有答复这次点按", phone.screen, "quiet");
    else if (answer.text && answer.alert) alertIn(phone.screen, answer.text);
    else if (answer.text) toast(answer.text, phone.screen);
  } catch (error) {
    complain(error, phone.screen);
  } finally {
    done();
  }
}

// One message, or one album, as a bubble.

import { inlineKeyboard } from "./buttons.js";
import { avatar, button, el, splitName } from "./dom.js";
import { icon } from "./icons.js";
import { documentLine, locationCard, photos, stickerFace } from "./media.js";
import { openMenu } from "./overlay.js";
import { richText } from "./richtext.js";
import { asDate, clockTime } from "./time.js";

const LONG_PRESS_MS = 480;

/** `row` is {messages, first (of its sender's run), feed}; `phone` knows whose phone it is and can act. */
export function bubble(row, phone) {
  const [head] = row.messages;
  if (head.service) return el("li", { class: "service" }, head.service);
  const mine = head.from?.id === phone.user.id;
  const group = phone.chat.type !== "private";
  const item = el("li", { class: ["message", mine ? "mine" : "theirs", row.first && "first"].filter(Boolean).join(" "), "data-id": head.message_id });
  if (group && !mine) item.append(row.first ? face(head.from) : el("span", { class: "face-gap" }));
  item.append(el("div", { class: "column" }, body(row, phone, group && !mine && row.first), inlineKeyboard(row, phone)));
  addActions(item, row, phone, mine);
  return item;
}

const face = (from) => (from?.bot ? el("span", { class: "avatar bot", "aria-hidden": "true" }, "驻") : avatar(from?.name, from?.id));

function body(row, phone, named) {
  const { messages } = row;
  const [head] = messages;
  const texts = messages.map((message) => words(message, phone)).filter(Boolean);
  const bare = !texts.length && messages.every((message) => message.photo || message.sticker || message.location);
  const parts = [
    named && el("span", { class: "sender" }, senderName(head.from)),
    head.forward && el("span", { class: "forwarded" }, "转发的消息"),
    quote(head, row, phone), photos(messages), ...messages.map(documentLine), locationCard(head), stickerFace(head), ...texts, stamp(messages),
  ];
  return el("div", { class: `bubble ${bare ? "bare" : ""} ${messages.some((m) => m.photo) ? "with-photo" : ""}` }, parts);
}

const senderName = (from) => (from?.bot ? "驻村通" : splitName(from?.name).who);

function words(message, phone) {
  const html = message.html ?? "";
  const plain = message.text ?? message.caption ?? "";
  if (!html && !plain) return null;
  const inside = html ? richText(html, { link: phone.openLink, command: phone.say }) : [plain];
  return el("div", { class: "words" }, inside);
}

function quote(message, row, phone) {
  const id = message.reply_to?.message_id ?? message.reply_to;
  const source = id && row.feed.messages.get(id);
  if (!source) return null;
  const line = source.text ?? source.caption ?? (source.photo ? "照片" : "消息");
  return button("看被回复的消息", () => phone.showMessage(id), { class: "quote" },
    el("b", {}, senderName(source.from)), el("span", {}, line.slice(0, 80)));
}

function stamp(messages) {
  const last = messages.at(-1);
  const edited = messages.some((message) => message.edited);
  return el("span", { class: "stamp" }, edited && "已编辑 ", el("time", {}, clockTime(asDate(last.date))));
}

/** Reply and edit: by the dots, by double click (own text: edit, else reply) and by a long press. */
function addActions(item, row, phone, mine) {
  const target = row.messages.find((message) => message.text ?? message.caption) ?? row.messages[0];
  const editable = mine && typeof (target.text ?? target.caption) === "string";
  const dots = button("这条消息可以…", () => open(), { class: "dots", "aria-haspopup": "menu" }, icon("more"));
  const open = () => openMenu(dots, [
    { label: "回复", iconName: "reply", run: () => phone.composer.replyTo(target) },
    ...(editable ? [{ label: "修改", iconName: "pencil", run: () => phone.composer.edit(target) }] : []),
    ...(target.text ? [{ label: "转发给驻村通", iconName: "swap", run: () => phone.forward(target) }] : []),
  ], item, "down");
  item.append(dots);
  item.addEventListener("dblclick", (event) => {
    if (event.target.closest("button, a")) return;
    if (editable) phone.composer.edit(target);
    else phone.composer.replyTo(target);
  });
  onLongPress(item, open);
}

function onLongPress(item, act) {
  let timer = 0;
  const stop = () => clearTimeout(timer);
  item.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" && !event.target.closest("button, a")) timer = setTimeout(act, LONG_PRESS_MS);
  });
  for (const name of ["pointerup", "pointercancel", "pointermove"]) item.addEventListener(name, stop);
}

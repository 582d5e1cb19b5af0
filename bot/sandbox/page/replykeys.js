// The keyboard that a bot may put in place of the phone's own: it belongs to the newest message that set or removed it.

import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { pickPlace } from "./place.js";

export class ReplyKeys {
  constructor(phone) {
    this.phone = phone;
    this.open = true;
    this.node = el("div", { class: "reply-keys", role: "group", "aria-label": "快捷回复", hidden: true });
    this.toggle = button("快捷回复键盘", () => { this.open = !this.open; this.paint(); }, { class: "round", hidden: true }, icon("grid"));
  }

  render(messages) {
    const keys = messages.filter((message) => message.reply_keyboard).at(-1)?.reply_keyboard.keyboard ?? [];
    const mark = JSON.stringify(keys);
    if (mark !== this.mark) this.open = true;
    this.mark = mark;
    this.keys = keys;
    this.paint();
  }

  paint() {
    const some = this.keys.length > 0;
    this.toggle.hidden = !some;
    this.toggle.setAttribute("aria-expanded", String(this.open));
    this.node.hidden = !some || !this.open;
    this.node.replaceChildren(...this.keys.map((line) => el("div", { class: "reply-row" }, line.map((key) => this.key(key)))));
  }

  key(key) {
    const shape = typeof key === "string" ? { text: key } : key;
    return el("button", { type: "button", onclick: () => this.press(shape) }, shape.request_location && icon("pin"), shape.text);
  }

  async press(key) {
    if (!key.request_location) {
      await this.phone.say(key.text);
      return;
    }
    const location = await pickPlace(this.phone.user);
    if (location) await this.phone.send({ location });
  }
}

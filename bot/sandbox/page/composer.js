// Where a person writes: text, photos, files, a place; replying to and editing messages. A failed send keeps what was typed.

import * as api from "./api.js";
import { Tray } from "./tray.js";
import { openCommands } from "./commands.js";
import { button, el } from "./dom.js";
import { icon } from "./icons.js";
import { complain, openMenu } from "./overlay.js";
import { pickPlace } from "./place.js";

const MAX_HEIGHT_PX = 132;

export class Composer {
  constructor(phone) {
    this.phone = phone;
    this.kept = new Map();
    this.mode = null;
    this.tray = new Tray(phone, () => this.paint());
    this.field = el("textarea", { rows: "1", placeholder: "发消息", "aria-label": `${phone.who} 写消息`, enterkeyhint: "send",
      oninput: () => this.paint(), onkeydown: (event) => this.onKey(event), onpaste: (event) => this.onPaste(event) });
    this.sendButton = button("发送", () => this.submit(), { class: "round send" }, icon("send"));
    this.menuButton = button("命令菜单", () => openCommands(phone, this.menuButton), { class: "round", "aria-haspopup": "menu" }, icon("menu"));
    this.attachButton = button("添加照片、文件或位置", () => this.openAttach(), { class: "round", "aria-haspopup": "menu" }, icon("attach"));
    this.banner = el("div", { class: "mode-banner", hidden: true });
    this.node = el("div", { class: "composer" }, this.banner, this.tray.node,
      el("div", { class: "composer-row" }, this.menuButton, this.attachButton, this.field, this.sendButton));
    this.paint();
  }

  /** Another chat is opened: what was being written waits in the old one. */
  moveTo(from, to) {
    if (from !== undefined) this.kept.set(from, this.field.value);
    this.cancel();
    this.field.value = this.kept.get(to) ?? "";
    this.paint();
  }

  paint() {
    this.field.style.height = "auto";
    this.field.style.height = `${Math.min(this.field.scrollHeight, MAX_HEIGHT_PX)}px`;
    this.field.placeholder = this.tray.files.length ? "加一句说明" : "发消息";
    const ready = this.field.value.trim() || this.tray.files.length;
    this.sendButton.classList.toggle("ready", Boolean(ready));
    this.sendButton.disabled = !ready;
  }

  onKey(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && this.mode) {
      this.cancel();
    } else if (event.key === "ArrowUp" && !this.field.value && !this.mode) {
      const last = this.phone.feed.list().filter((one) => one.from?.id === this.phone.user.id && one.text).at(-1);
      if (last) this.edit(last);
    } else if (event.key === "/" && !this.field.value && !this.mode) {
      event.preventDefault();
      openCommands(this.phone, this.menuButton);
    }
  }

  onPaste(event) {
    const files = [...(event.clipboardData?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.tray.add(files);
  }

  openAttach() {
    openMenu(this.attachButton, [
      { label: "照片", hint: "可选多张，成一个相册", iconName: "photo", run: () => this.tray.choose(false) },
      { label: "文件", hint: "原样发送，不压缩", iconName: "file", run: () => this.tray.choose(true) },
      { label: "位置", iconName: "pin", run: () => this.sendPlace() },
      { label: "贴纸", iconName: "sticker", run: () => this.phone.send({ sticker: true }) },
    ], this.node);
  }

  async sendPlace() {
    const location = await pickPlace(this.phone.user);
    if (location) await this.phone.send({ location });
  }

  replyTo(message) {
    this.setMode("reply", message, "回复");
  }

  edit(message) {
    this.setMode("edit", message, "修改");
    this.field.value = message.text ?? message.caption ?? "";
    this.paint();
  }

  setMode(kind, message, label) {
    this.mode = { kind, message };
    const line = (message.text ?? message.caption ?? "照片").slice(0, 60);
    this.banner.replaceChildren(icon(kind === "edit" ? "pencil" : "reply"), el("span", {}, el("b", {}, label), line),
      button("取消", () => this.cancel(), { class: "round small" }, icon("close")));
    this.banner.hidden = false;
    this.field.focus();
  }

  cancel() {
    if (this.mode?.kind === "edit") this.field.value = "";
    this.mode = null;
    this.banner.hidden = true;
    this.paint();
  }

  async submit() {
    const text = this.field.value.trim();
    if ((!text && !this.tray.files.length) || this.sending) return;
    this.sending = true;
    try {
      await this.deliver(text);
      this.field.value = "";
      this.cancel();
    } catch (error) {
      complain(error, this.phone.screen);
    } finally {
      this.sending = false;
      this.paint();
      this.phone.world.refresh().catch(() => {});
    }
  }

  async deliver(text) {
    const { kind, message } = this.mode ?? {};
    this.phone.thread.stuck = true;
    if (this.tray.files.length) return this.tray.send(text);
    if (kind === "edit") return api.post("edit", { ...this.phone.address(), message_id: message.message_id, text });
    return api.post("send", { ...this.phone.address(), text, ...(kind === "reply" && { reply_to: message.message_id }) });
  }
}

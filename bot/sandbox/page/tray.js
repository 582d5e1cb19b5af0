// The files about to be sent, seen before they go: photos as one album, or unchanged as files.

import * as api from "./api.js";
import { button, bytesText, el } from "./dom.js";
import { icon } from "./icons.js";

const ALBUM_SIZE = 10;

export class Tray {
  constructor(phone, changed) {
    this.phone = phone;
    this.changed = changed;
    this.files = [];
    this.asFile = false;
    this.picker = el("input", { type: "file", multiple: true, hidden: true, tabindex: "-1", "aria-label": "选择文件", onchange: () => {
      this.add([...this.picker.files], this.asFile);
      this.picker.value = "";
    } });
    this.strip = el("div", { class: "tray", hidden: true });
    this.node = el("div", {}, this.picker, this.strip);
  }

  choose(asFile) {
    if (!this.files.length) this.asFile = asFile;
    this.picker.accept = asFile ? "" : "image/*,.heic,.heif";
    this.picker.click();
  }

  /** Add files; anything that is no picture makes the whole tray go as files. */
  add(files, asFile = this.asFile) {
    this.asFile = asFile || files.some((file) => !looksLikePhoto(file));
    this.files.push(...files.map((file) => ({ file, url: URL.createObjectURL(file) })));
    this.paint();
  }

  drop(entry) {
    URL.revokeObjectURL(entry.url);
    this.files = this.files.filter((other) => other !== entry);
    this.paint();
  }

  clear() {
    for (const { url } of this.files) URL.revokeObjectURL(url);
    this.files = [];
    this.asFile = false;
    this.paint();
  }

  paint() {
    this.strip.hidden = !this.files.length;
    this.strip.replaceChildren(el("div", { class: "tray-files" }, this.files.map((entry) => this.chip(entry))), this.choice());
    this.changed();
  }

  chip(entry) {
    const { file, url } = entry;
    const face = looksLikePhoto(file) && !/hei[cf]/i.test(file.name) ? el("img", { src: url, alt: "" }) : icon("file");
    return el("div", { class: "tray-chip", title: `${file.name} · ${bytesText(file.size)}` }, face,
      button(`不发 ${file.name}`, () => this.drop(entry), { class: "tray-drop" }, icon("close")));
  }

  choice() {
    const box = el("input", { type: "checkbox", onchange: () => { this.asFile = box.checked; } });
    box.checked = this.asFile;
    return el("label", { class: "tray-choice" }, box, el("span", {}, "按文件发（保留原图）"), el("small", {}, `${this.files.length} 个`));
  }

  /** Send everything; more than ten photos are several albums, as Telegram does. The caption goes with the first. */
  async send(caption) {
    while (this.files.length) {
      const part = this.files.slice(0, ALBUM_SIZE);
      const fields = { ...this.phone.address(), caption: caption || undefined, as_file: this.asFile ? "1" : undefined, album: part.length > 1 ? "1" : undefined };
      await api.upload(fields, part.map(({ file }) => file));
      caption = "";
      for (const { url } of part) URL.revokeObjectURL(url);
      this.files = this.files.slice(part.length);
    }
    this.clear();
  }
}

const looksLikePhoto = (file) => /^image\//.test(file.type) || /\.hei[cf]$/i.test(file.name);

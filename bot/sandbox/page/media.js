// Photos, albums, documents, places and stickers inside a bubble.

import { bytesText, el } from "./dom.js";
import { icon } from "./icons.js";

const SVG = "http://www.w3.org/2000/svg";

/** One photo keeps its shape; two to ten become a grid of squares. */
export function photos(messages) {
  const shots = messages.filter((message) => message.photo);
  if (!shots.length) return null;
  const grid = el("div", { class: `photos n${Math.min(shots.length, 10)}` }, shots.map((message) => thumb(message, shots)));
  if (shots.length === 1) grid.style.setProperty("--shape", shape(shots[0].photo));
  return grid;
}

function shape({ width, height }) {
  const ratio = width && height ? width / height : 4 / 3;
  return String(Math.min(2.2, Math.max(0.72, ratio)));
}

function thumb(message, shots) {
  const image = el("img", { src: message.photo.url, alt: "", loading: "lazy", draggable: "false" });
  const at = shots.indexOf(message);
  return el("button", { type: "button", class: "thumb", "aria-label": `看照片 ${at + 1}/${shots.length}`,
    onclick: () => showPhotos(shots.map((shot) => shot.photo.url), at) }, image);
}

/** Photos over the whole page; arrow keys turn, Escape closes. */
function showPhotos(urls, at) {
  const image = el("img", { alt: "照片" });
  const count = el("p", { class: "light-count" });
  const turn = (step) => {
    at = (at + step + urls.length) % urls.length;
    image.src = urls[at];
    count.textContent = `${at + 1} / ${urls.length}`;
  };
  const close = el("button", { type: "button", class: "light-close", "aria-label": "关闭" }, icon("close"));
  const dialog = el("dialog", { class: "light", "aria-label": "照片", onkeydown: (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) turn(step);
  } }, image, urls.length > 1 && count, close);
  dialog.addEventListener("click", (event) => (event.target === image && urls.length > 1 ? turn(1) : dialog.close()));
  dialog.addEventListener("close", () => dialog.remove());
  turn(0);
  document.body.append(dialog);
  dialog.showModal();
}

/** A file with its name and size; a press downloads it. */
export function documentLine(message) {
  const file = message.document;
  if (!file) return null;
  const isPicture = /^image\/(jpeg|png|webp|gif)$/.test(file.mime ?? "") && (file.size ?? 0) < 8e6;
  const face = isPicture ? el("img", { src: file.url, alt: "", loading: "lazy" }) : icon("file");
  const kind = String(file.name ?? "").split(".").pop().toUpperCase().slice(0, 5);
  return el("a", { class: "document", href: file.url, download: file.name || "file" },
    el("span", { class: `document-face ${isPicture ? "picture" : ""}` }, face),
    el("span", { class: "document-words" }, el("b", {}, file.name || "文件"), el("small", {}, `${bytesText(file.size)} · ${kind}`)));
}

export function locationCard(message) {
  if (!message.location) return null;
  const { latitude, longitude } = message.location;
  const words = `${Number(latitude).toFixed(5)}, ${Number(longitude).toFixed(5)}`;
  return el("div", { class: "location" }, sketch(latitude, longitude), el("span", {}, icon("pin"), "位置", el("small", {}, words)));
}

/** A drawing that stands for a map (no outside host is asked for one); the same place looks the same. */
function sketch(latitude, longitude) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 240 110");
  svg.setAttribute("preserveAspectRatio", "xMidYMid slice");
  svg.setAttribute("aria-hidden", "true");
  const shift = Math.round((Number(latitude) * 7919 + Number(longitude) * 104729) % 40);
  const draw = (d, name) => {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", name);
    svg.append(path);
  };
  draw(`M-10 ${72 + shift / 4}C50 ${50 + shift / 2} 90 ${112 - shift / 3} 150 ${78 - shift / 4}S230 ${60 + shift / 5} 260 ${40 + shift / 3}`, "water");
  for (let x = 14 + shift; x < 250; x += 46) draw(`M${x} -5 ${x - 12} 115`, "road");
  draw(`M-5 ${28 + shift / 3} 245 ${20 + shift / 2}`, "road wide");
  draw("M120 62s13-12 13-22a13 13 0 0 0-26 0c0 10 13 22 13 22z", "pin");
  draw("M120 45a5 5 0 1 0 0-10 5 5 0 0 0 0 10z", "pin-eye");
  return svg;
}

export const stickerFace = (message) => message.sticker
  && el("div", { class: "sticker", role: "img", "aria-label": "贴纸" }, message.sticker.emoji || "👍");

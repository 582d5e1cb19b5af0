// Choosing a place without a map from outside: a pin on a square around the demo county's seat, or numbers typed in.

import { el } from "./dom.js";
import { openDialog } from "./overlay.js";

// Wuqing's seat, Yangcun; the square reaches about 25 km each way.
const CENTRE = { latitude: 39.384, longitude: 117.044 };
const REACH = { latitude: 0.225, longitude: 0.29 };
const STEP = 0.02;

/** Ask a person for a place; resolves to {latitude, longitude}, or null when the dialog is closed. */
export function pickPlace(user) {
  return new Promise((done) => {
    let chosen = null;
    const dialog = openDialog("发送位置", (close) => form(startOf(user), (place) => {
      chosen = place;
      close();
    }));
    dialog.addEventListener("close", () => done(chosen));
  });
}

/** Everybody stands somewhere else, always at the same spot. */
function startOf(user) {
  const spread = (factor) => (((user.id * factor) % 1000) / 1000 - 0.5) * 1.4;
  return { latitude: CENTRE.latitude + spread(37) * REACH.latitude, longitude: CENTRE.longitude + spread(91) * REACH.longitude };
}

function form(start, send) {
  const field = (label, value) => el("input", { type: "number", step: "any", required: true, "aria-label": label, value: value.toFixed(5) });
  const latitude = field("纬度", start.latitude);
  const longitude = field("经度", start.longitude);
  const pad = el("div", { class: "place-pad", tabindex: "0", role: "application", "aria-label": "拖动图钉选位置，也可用方向键" });
  const pin = el("span", { class: "place-pin" });
  pad.append(el("span", { class: "place-town" }, "杨村"), pin);
  const show = () => {
    pin.style.left = `${50 + ((longitude.value - CENTRE.longitude) / REACH.longitude) * 50}%`;
    pin.style.top = `${50 - ((latitude.value - CENTRE.latitude) / REACH.latitude) * 50}%`;
  };
  const put = (north, east) => {
    latitude.value = (CENTRE.latitude + Math.max(-1, Math.min(1, north)) * REACH.latitude).toFixed(5);
    longitude.value = (CENTRE.longitude + Math.max(-1, Math.min(1, east)) * REACH.longitude).toFixed(5);
    show();
  };
  listenTo(pad, put, () => [(latitude.value - CENTRE.latitude) / REACH.latitude, (longitude.value - CENTRE.longitude) / REACH.longitude]);
  for (const input of [latitude, longitude]) input.addEventListener("input", show);
  show();
  return el("form", { class: "place", onsubmit: (event) => {
    event.preventDefault();
    send({ latitude: Number(latitude.value), longitude: Number(longitude.value) });
  } }, pad, el("div", { class: "pair" }, el("label", {}, "纬度", latitude), el("label", {}, "经度", longitude)),
  el("button", { class: "primary wide", type: "submit" }, "发送这个位置"));
}

function listenTo(pad, put, where) {
  const follow = (event) => {
    const box = pad.getBoundingClientRect();
    put(1 - ((event.clientY - box.top) / box.height) * 2, ((event.clientX - box.left) / box.width) * 2 - 1);
  };
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    follow(event);
  });
  pad.addEventListener("pointermove", (event) => event.buttons && follow(event));
  pad.addEventListener("keydown", (event) => {
    const move = { ArrowUp: [STEP, 0], ArrowDown: [-STEP, 0], ArrowLeft: [0, -STEP], ArrowRight: [0, STEP] }[event.key];
    if (!move) return;
    event.preventDefault();
    const [north, east] = where();
    put(north + move[0], east + move[1]);
  });
}

// Line icons drawn for this page, 24 × 24, stroke in the text's colour.

const PATHS = {
  plus: ["M12 5v14M5 12h14"],
  close: ["M6 6l12 12M18 6 6 18"],
  send: ["M4 12 20 4.5 14.5 20l-3-6.5z", "M11.5 13.5 20 4.5"],
  attach: ["M20 11.5 12.2 19a4.6 4.6 0 0 1-6.5-6.5l7.9-7.6a3.1 3.1 0 0 1 4.4 4.4l-7.8 7.5a1.6 1.6 0 0 1-2.2-2.2l7-6.8"],
  photo: ["M4 5.5h16v13H4z", "m4 15.5 4.6-4.3 4 3.6 2.6-2.3 4.8 4", "M15.2 9.2h.01"],
  file: ["M7 3.5h7l4.5 4.5v12.5H7z", "M14 3.5V8h4.5"],
  pin: ["M12 21s6.5-6.1 6.5-11a6.5 6.5 0 0 0-13 0c0 4.9 6.5 11 6.5 11z", "M12 12.2a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z"],
  tack: ["M9 4h6l-.8 6 3.3 3.5h-11L9.8 10z", "M12 13.5V20"],
  menu: ["M5 7h14M5 12h14M5 17h9"],
  more: ["M12 5.5h.01M12 12h.01M12 18.5h.01"],
  swap: ["M5 8.5h13l-3-3M19 15.5H6l3 3"],
  reply: ["M10 6 4.5 11.5 10 17v-3.6c5 0 8 1.3 9.5 4.6-.3-5.6-3.7-9-9.5-9.3z"],
  pencil: ["M5 19l.9-4L16.5 4.5l3 3L9 18.1z"],
  grid: ["M4 6h16v12H4z", "M7.5 9.5h.01M12 9.5h.01M16.5 9.5h.01M8 14.5h8"],
  down: ["M6 10l6 6 6-6"],
  clock: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 7.5V12l3 2"],
  link: ["M10 14a4 4 0 0 0 5.7 0l3-3A4 4 0 0 0 13 5.3l-1 1", "M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"],
  bolt: ["M13 3.5 5.5 13.5H11l-1 7 8-10.5h-5.5z"],
  block: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M6 6l12 12"],
  sticker: ["M20 12a8 8 0 1 0-8 8z", "M20 12c-4.5 0-8 3.5-8 8", "M9 10h.01M14.5 10h.01"],
  user: ["M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z", "M4.5 20.5c.6-4 3.5-6 7.5-6s6.9 2 7.5 6"],
  check: ["M5 12.5 10 17.5 19 7"],
};

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

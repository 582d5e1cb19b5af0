// The sandbox's control API (GET and POST under /sandbox/). Every failure becomes an Error whose message can be shown.

const SILENT = "沙箱没有应答，请看看它的窗口是否还开着";

async function answerOf(request) {
  let response;
  try {
    response = await request;
  } catch (error) {
    throw error.name === "AbortError" ? error : new Error(SILENT);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(body.error || `沙箱答复了 ${response.status}，请再试一次`);
  return body;
}

function withQuery(path, query) {
  const known = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  return known.length ? `${path}?${new URLSearchParams(known)}` : path;
}

export const get = (path, query = {}, signal) => answerOf(fetch(withQuery(`sandbox/${path}`, query), { signal }));

export const post = (path, body = {}) => answerOf(fetch(`sandbox/${path}`, {
  method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
}));

export const remove = (path) => answerOf(fetch(`sandbox/${path}`, { method: "DELETE" }));

/** Send files as one person: fields are text parts, files a list of File. */
export function upload(fields, files) {
  const form = new FormData();
  for (const [key, value] of Object.entries(fields)) if (value !== undefined && value !== null) form.append(key, value);
  for (const file of files) form.append("files", file, file.name);
  return answerOf(fetch("sandbox/upload", { method: "POST", body: form }));
}

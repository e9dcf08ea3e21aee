// The forms of the API's pages: they send JSON, as any program does, and show what is wrong at its field.

const moment = text => (/T\d\d:\d\d$/.test(text) ? `${text}:00Z` : /(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);

async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
}

/** A number with all its digits; what is none stays text, and the server says so. */
function number(text) {
  if (!/^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return text;
  return JSON.rawJSON ? JSON.rawJSON(text) : Number(text);
}

/** A new file, or the one that is kept: the body to start from has it. */
function file(form, name, chosen) {
  if (chosen) return base64(chosen);
  if (form.querySelector(`[name="${CSS.escape(name)}-remove"]`)?.checked) return null;
  const kept = form.parentElement.querySelector("[data-raw] textarea");
  return kept ? JSON.parse(kept.defaultValue)[name] : undefined;
}

/** The JSON value of a field; undefined leaves it out. */
async function value(form, name, kind) {
  const all = [...form.querySelectorAll("[name]")].filter(field => field.name === name);
  const field = all.find(field => field.type !== "radio" || field.checked);
  const nullable = kind.endsWith("?");
  if (kind.startsWith("list")) return all.filter(field => field.checked).map(field => field.value);
  if (kind.startsWith("file")) return file(form, name, field.files[0]);
  if (kind === "boolean") return field.checked;
  const text = field ? field.value : "";
  if (text === "" && nullable) return null;
  if (text === "" && field?.type === "radio") return undefined;
  switch (kind.replace("?", "")) {
    case "number": return number(text.trim());
    case "boolean": return text === "on";
    case "time": return text.length === 5 ? `${text}:00` : text;
    case "moment": return text && moment(text);
    case "json": return JSON.parse(text);
    default: return text;
  }
}

async function body(form) {
  if ("raw" in form.dataset) return form.querySelector("textarea").value;
  const object = {};
  for (const [name, kind] of Object.entries(JSON.parse(form.dataset.kinds))) {
    try {
      const found = await value(form, name, kind);
      if (found !== undefined) object[name] = found;
    } catch (error) {
      throw { [name]: [`is not JSON: ${error.message}`] };
    }
  }
  return JSON.stringify(object);
}

/** Says what is wrong: at its field, or above the form. */
function explain(form, detail, errors) {
  form.querySelectorAll(".field .error").forEach(old => old.remove());
  form.querySelectorAll("[aria-invalid]").forEach(field => field.removeAttribute("aria-invalid"));
  const others = [detail];
  for (const [name, messages] of Object.entries(errors)) {
    const field = form.querySelector(`[name="${CSS.escape(name)}"]`);
    const place = field?.closest(".field");
    if (!place) {
      others.push(`${name} ${messages.join(", ")}.`);
      continue;
    }
    const error = document.createElement("p");
    error.className = "error";
    error.textContent = `${messages.join(", ")}.`;
    place.append(error);
    field.setAttribute("aria-invalid", "true");
  }
  const summary = form.querySelector(".error[role=alert]");
  summary.textContent = others.join(" ");
  summary.hidden = false;
  summary.focus();
}

async function send(form) {
  const method = form.dataset.method;
  const request = { method, headers: { Accept: "application/json" } };
  if (method !== "DELETE") {
    request.headers["Content-Type"] = "application/json";
    request.body = await body(form);
  }
  const answer = await fetch(location.pathname, request);
  if (answer.ok) {
    const next = answer.headers.get("Location") ?? form.dataset.next ?? location.pathname;
    location.assign(next);
    return;
  }
  const problem = await answer.json();
  explain(form, problem.detail, problem.errors ?? {});
}

for (const change of document.querySelectorAll(".change")) change.hidden = false;
for (const form of document.querySelectorAll("form[data-method]")) {
  form.addEventListener("submit", event => {
    event.preventDefault();
    send(form).catch(error => (error instanceof Error ? explain(form, error.message, {}) : explain(form, "Some fields are not valid.", error)));
  });
}

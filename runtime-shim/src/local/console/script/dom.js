"use strict";
// The files of this folder are one script, in the order of `mod.rs`.
//
// Everything that a message holds is text: elements are made by `element` alone, which makes text nodes of its strings.

const byId = id => document.getElementById(id);

// Characters that would not be seen, or that would change how others are: control characters, and what turns the direction
// of a line.
const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]/g;

const escaped = character => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0");

// A text in which each such character can be seen.
function visible(text) {
  return String(text).replace(UNSEEN, character =>
    character < " " ? String.fromCharCode(0x2400 + character.charCodeAt(0)) : escaped(character));
}

// `element("p.quiet", { id: "x", onclick }, "text", child)`.
function element(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value") made.value = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child === undefined || child === null || child === false) continue;
    made.append(child instanceof Node ? child : document.createTextNode(visible(child)));
  }
  return made;
}

function button(label, onclick, kind) {
  return element(kind ? `button.${kind}` : "button", { type: "button", onclick }, label);
}

// Copies what `text` gives at that moment.
function copyButton(what, text) {
  const copy = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(text());
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = "Copy"; }, 1500);
    } catch {
      say("The browser does not let this page copy: select the text instead.", true);
    }
  }, "small");
  copy.setAttribute("aria-label", `Copy ${what}`);
  return copy;
}

// A button that asks once more before it does what cannot be undone.
function sureButton(label, sure, act) {
  const made = button(label, () => {
    if (made.classList.contains("sure")) return act();
    made.classList.add("sure");
    made.textContent = sure;
  });
  made.addEventListener("blur", () => {
    made.classList.remove("sure");
    made.textContent = label;
  });
  return made;
}

let quiet;
// Tells the user, on the page and to a screen reader.
function say(text, failed = false) {
  const place = byId("say");
  place.textContent = visible(text);
  place.classList.toggle("failed", failed);
  clearTimeout(quiet);
  quiet = setTimeout(() => { place.textContent = ""; }, failed ? 12000 : 5000);
}

// Runs what a button does, once at a time, and says what failed.
async function attempt(by, act) {
  if (by) by.disabled = true;
  try {
    return await act();
  } catch (error) {
    say(error.message, true);
    return undefined;
  } finally {
    if (by) by.disabled = false;
  }
}

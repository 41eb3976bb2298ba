// The functions and their triggers.

let functions = [];

const keyOf = fn => (fn.module ? `${fn.module}::${fn.name}` : fn.name);
// A message for these waits in the program until its function is free.
const isStored = trigger => ["queue", "topic", "stream"].includes(trigger);

function bindingOf(fn) {
  if (fn.trigger === "http") return `${fn.methods?.length ? fn.methods.join(" ") : "ANY"} ${fn.route ?? "every path"}`;
  return fn.resource ?? "";
}

async function loadFunctions() {
  functions = (await read("functions")).functions;
  byId("functions").replaceChildren(...functions.map(fn => {
    const entry = element("button.entry", { type: "button", "data-route": routeTo("function", keyOf(fn)), onclick: () => open("function", keyOf(fn)) },
      element("b", null, fn.name),
      element("span.kind", null, fn.batch ? `${fn.trigger} batch` : fn.trigger),
      bindingOf(fn) ? element("span.under.mono", null, bindingOf(fn)) : null);
    return element("li", null, entry);
  }));
  const chosen = byId("by-function").value;
  const names = [...new Set(functions.map(fn => fn.name))];
  byId("by-function").replaceChildren(
    element("option", { value: "" }, "every function"),
    ...names.map(name => element("option", { value: name }, name)));
  byId("by-function").value = names.includes(chosen) ? chosen : "";
}

function showFunction(stage, key) {
  const fn = functions.find(fn => keyOf(fn) === key);
  if (!fn) return missing(stage, `There is no function ${key}.`);
  const facts = [
    [fn.trigger, bindingOf(fn)],
    fn.batch && ["takes", "a batch"],
    fn.replies && ["answers", fn.replies],
    fn.module && ["in", fn.module],
  ].filter(Boolean);
  stage.replaceChildren(
    element("div.title", null, element("h2", { tabindex: -1 }, fn.name)),
    element("p.facts", null, facts.map(([name, value]) => element("span", null, `${name} `, element("b", null, value)))),
    fn.doc ? element("p.doc", null, fn.doc) : "",
    fn.line ? element("div.paste", null, element("code", null, fn.line), copyButton("the line", () => fn.line)) : "",
    sendForm(fn));
}

function missing(stage, text) {
  stage.replaceChildren(element("div.title", null, element("h2", { tabindex: -1 }, text)));
}

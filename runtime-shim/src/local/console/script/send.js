// The form that sends an event to a function.

// What the user has written for each function, until the page is left.
const drafts = new Map();
// Sent events that wait in a queue: where to say what became of them.
const awaited = [];

function sendForm(fn) {
  const key = keyOf(fn);
  const draft = drafts.get(key) ?? { text: prettyEvent(fn.sample ?? { trigger: fn.trigger }), as: "", only: false };
  drafts.set(key, draft);

  const wrong = element("p.wrong", { id: "wrong", role: "alert" });
  const whole = element("textarea.event", { id: "event", spellcheck: "false", autocomplete: "off", rows: 16, "aria-describedby": "wrong" });
  whole.value = draft.text;
  const fields = element("div.fields");
  const send = element("button.main", { type: "submit" }, "Send");
  const results = element("ul.results", { "aria-label": "What became of it" });
  let refresh = () => {};

  const parsed = () => {
    const event = parseJson(draft.text);
    if (typeof event !== "object" || event === null || Array.isArray(event)) throw new Error("an event is a JSON object");
    return event;
  };
  const tell = text => {
    wrong.textContent = visible(text);
    send.disabled = text !== "";
  };
  const fill = event => {
    const made = fieldInputs(event, next => {
      draft.text = prettyEvent(next);
      whole.value = draft.text;
      tell("");
    }, tell);
    refresh = made.refresh;
    fields.replaceChildren(...made.inputs);
  };
  whole.addEventListener("input", () => {
    draft.text = whole.value;
    try {
      refresh(parsed());
      whole.removeAttribute("aria-invalid");
      tell("");
    } catch (error) {
      whole.setAttribute("aria-invalid", "true");
      tell(error.message);
    }
  });

  const as = formSelect(fn, draft.as);
  as.addEventListener("change", () => { draft.as = as.value; });
  const only = element("input", { type: "checkbox" });
  only.checked = draft.only;
  only.addEventListener("change", () => { draft.only = only.checked; });
  const again = button("Fill in the sample", () => {
    drafts.delete(key);
    show();
  });

  const form = element("form", { "aria-label": "Send an event" },
    element("div.send", null, fields, element("label.whole", null, element("span", null, "The common event"), whole)),
    wrong,
    element("div.actions", null, send, element("label", null, "as", as), element("label", null, only, isStored(fn.trigger) ? "at once, to this function only" : "to this function only"), again),
    results);
  form.addEventListener("submit", submitted => {
    submitted.preventDefault();
    attempt(send, () => deliver(fn, draft, results));
  });
  form.addEventListener("keydown", pressed => {
    if (pressed.key === "Enter" && (pressed.ctrlKey || pressed.metaKey)) {
      pressed.preventDefault();
      form.requestSubmit();
    }
  });
  try {
    fill(parsed());
  } catch (error) {
    fill({ trigger: fn.trigger });
    tell(error.message);
  }
  return form;
}

// In which form: through this machine's own queue, or at once as a provider has it.
function formSelect(fn, chosen) {
  const forms = fn.forms ?? [];
  const own = isStored(fn.trigger)
    ? [element("option", { value: "" }, `a message of the ${fn.trigger}`), element("option", { value: "local" }, "local, at once")]
    : [element("option", { value: "" }, "local")];
  const select = element("select", { id: "as" }, own, formGroups(forms));
  select.value = chosen;
  return select;
}

function formGroups(forms) {
  const groups = Map.groupBy(forms.filter(form => form !== "local"), form => form.split("/")[0]);
  return [...groups].map(([provider, forms]) =>
    element("optgroup", { label: provider }, forms.map(form => element("option", { value: form }, form))));
}

async function deliver(fn, draft, results) {
  const since = Math.max(0, ...known.keys());
  // The event goes as it was written, so that its digits stay.
  const rest = {};
  if (draft.as) rest.as = draft.as;
  if (draft.only) rest.function = fn.name;
  const tail = Object.keys(rest).length ? `,${JSON.stringify(rest).slice(1)}` : "}";
  const answer = await request("send", `{"event":${draft.text}${tail}`);
  if (answer.summary) {
    addInvocations([answer.summary]);
    details.set(answer.summary.id, answer);
    open("invocation", answer.summary.id);
    say(`Delivered: ${answer.summary.ended}.`);
    return;
  }
  const queued = answer.queued.length === 1 ? `message ${answer.queued[0]}` : `messages ${answer.queued.join(", ")}`;
  const line = element("li", null, `Stored as ${queued}. `);
  results.prepend(line);
  if (results.children.length > 5) results.lastChild.remove();
  awaited.push({ name: parseJson(draft.text)[fn.trigger]?.name, trigger: fn.trigger, left: answer.queued.length, line });
  if (awaited.length > 20) awaited.shift();
  // The function may have been faster than the answer.
  for (const summary of known.values()) if (summary.id > since) tellAwaited(summary);
  say(`Stored as ${queued}.`);
}

// Links an invocation to the message that was sent from this page.
function tellAwaited(summary) {
  const wait = awaited.find(wait => wait.trigger === summary.trigger && (!wait.name || wait.name === summary.name));
  if (!wait) return;
  wait.line.append(element("a", { href: routeTo("invocation", summary.id) }, `#${summary.id} ${summary.ended} in ${duration(summary.took_us)}`), " ");
  wait.left -= 1;
  if (wait.left <= 0) awaited.splice(awaited.indexOf(wait), 1);
}

// One invocation: the native delivery, the common event, the outcome and the native reply side by side.

const details = new Map();
const differences = new Map();

async function showInvocation(stage, id) {
  const number = Number(id);
  let detail = details.get(number);
  if (!detail) {
    stage.setAttribute("aria-busy", "true");
    try {
      detail = await read(`invocations/${encodeURIComponent(id)}`);
    } catch (error) {
      if (isOpen("invocation", id)) missing(stage, error.message);
      return;
    } finally {
      stage.removeAttribute("aria-busy");
    }
    // A few are enough: each may hold megabytes.
    if (details.size > 20) details.delete(details.keys().next().value);
    details.set(number, detail);
  }
  if (isOpen("invocation", id)) stage.replaceChildren(...invocationView(detail));
}

function invocationView(detail) {
  const { summary, recording } = detail;
  const facts = [
    ["form", summary.form],
    ["at", clock(summary.at)],
    ["attempt", summary.attempt],
    ["status", summary.status],
    ["then", summary.settled === "again" ? "comes again" : "acknowledged"],
  ];
  return [
    element("div.title", null,
      element("h2", { tabindex: -1 }, `#${summary.id} ${titleOf(summary)}`),
      element(`span.${tone(summary.ended) || "quiet"}`, null, `${MARKS[summary.ended] ?? "?"} ${summary.ended === "none" ? "no function called" : summary.ended}`)),
    element("p.facts", null, facts.map(([name, value]) => element("span", null, `${name} `, element("b", null, String(value ?? ""))))),
    replayBar(detail),
    bars(detail),
    differenceOf(detail),
    element("div.panes", null,
      messagePane("Native delivery", recording.delivery, `${recording.delivery.method} ${recording.delivery.path}`),
      eventPane(recording.events),
      outcomePane(detail),
      replyPane(detail),
      logPane(detail.logs)),
  ];
}

function pane(title, note, copied, ...content) {
  const heading = element("h3", null, title);
  return element("section.pane", { "aria-label": title },
    element("header", null, heading, element("span.quiet", null, note ?? ""), copied === undefined ? null : copyButton(title.toLowerCase(), () => copied)),
    element("div.scroll", null, ...content));
}

// A body as the recording has it: JSON, text, or base64 of bytes that are no text.
function body(message) {
  if (message.body_json !== undefined) return { text: pretty(message.body_json), json: true };
  if (message.body_text !== undefined) return { text: message.body_text, json: false };
  if (message.body_base64 !== undefined) return { text: message.body_base64, json: false, base64: true };
  return { text: "", json: false };
}

function messageParts(message, line) {
  const { text, json, base64 } = body(message);
  const headers = (message.headers ?? []).map(([name, value]) => [element("span.h", null, `${name}: `), element("span", null, value), "\n"]);
  const parts = [element("pre", { tabindex: 0 }, `${line}\n`, ...headers.flat())];
  if (base64) parts.push(element("h4", null, "base64 of bytes that are no text"));
  if (text !== "") parts.push(textBlock(text, json));
  return { parts, text: `${line}\n${pairLines(message.headers ?? [])}\n\n${text}` };
}

function messagePane(title, message, line) {
  const { parts, text } = messageParts(message, line);
  return pane(title, "", text, ...parts);
}

function eventPane(events) {
  const texts = (events ?? []).map(prettyEvent);
  const note = texts.length === 1 ? "" : `${texts.length} events`;
  return pane("Common event", note, texts.join("\n"), ...(texts.length ? texts.map(text => textBlock(text, true)) : [element("p.quiet", null, "The delivery could not be read as an event.")]));
}

function outcomePane(detail) {
  const rows = detail.calls.map(call => element("div", null,
    element("p", null, element("b", null, call.function), " ", element(`span.${tone(call.ended) || "quiet"}`, null, `${MARKS[call.ended] ?? ""} ${call.ended}`), element("span.quiet", null, ` ${duration(call.took_us)}`)),
    call.failure ? element("p.failure", null, call.failure) : null));
  const outcomes = detail.recording.outcomes ?? [];
  return pane("Outcome", detail.calls.length > 1 ? `${detail.calls.length} calls` : "", pretty(outcomes),
    element("div.calls", null, rows.length ? rows : element("p.quiet", null, "No function was called.")),
    outcomes.length && !rows.length ? textBlock(pretty(outcomes), true) : null);
}

function replyPane(detail) {
  const { recording, response } = detail;
  const reply = messageParts(recording.reply, `${recording.reply.status}`);
  const parts = [...reply.parts];
  if (response) {
    parts.push(element("h4", null, "What the caller gets"), ...messageParts(response, `${response.status}`).parts);
  }
  return pane("Native reply", "", reply.text, ...parts);
}

function logPane(logs) {
  const made = pane("Logs", logs.length ? "" : "none", logs.length ? logs.join("\n") : undefined, logs.length ? textBlock(logs.join("\n")) : null);
  made.classList.add("wide");
  if (!logs.length) made.lastChild.remove();
  return made;
}

// All of the delivery, and how much of it each call took.
function bars({ summary, calls }) {
  const all = Math.max(1, summary.took_us, ...calls.map(call => call.took_us));
  const row = (name, took, kind) => {
    const fill = element(kind ? `div.fill.${kind}` : "div.fill");
    fill.style.width = `${(took / all) * 100}%`;
    return [element("span", null, name), element("div.track", null, fill), element("span.took", null, duration(took))];
  };
  return element("div.bars", { role: "group", "aria-label": "Timing" }, row("delivery", summary.took_us, "all"), calls.slice(0, 12).flatMap(call => row(call.function, call.took_us)));
}

function replayBar(detail) {
  const { summary, recording } = detail;
  const fn = functions.find(fn => summary.functions.includes(fn.name) && fn.trigger === summary.trigger);
  const as = element("select", { id: "replay-as" },
    element("option", { value: "" }, `as it came, ${summary.form}`), element("option", { value: "local" }, "local"), formGroups(fn?.forms ?? about.providers ?? []));
  const replay = button("Replay", () => attempt(replay, async () => {
    const answer = await post(`invocations/${summary.id}/replay`, as.value ? { as: as.value } : {});
    const next = answer.invocation;
    differences.set(next.summary.id, { of: summary.id, text: answer.difference });
    details.set(next.summary.id, next);
    addInvocations([next.summary]);
    open("invocation", next.summary.id);
    say(answer.difference ? "Replayed: the reply is different." : "Replayed: the reply is the same.");
  }));
  const edit = fn && recording.events?.length ? button("Edit and send", () => {
    const { provider, id, source, time, attempt: _, ...event } = recording.events[0];
    drafts.set(keyOf(fn), { text: prettyEvent(event), as: "", only: false });
    open("function", keyOf(fn));
  }) : null;
  return element("div.actions", null, replay, element("label", null, "as", as), edit);
}

// What a replay found.
function differenceOf({ summary }) {
  const found = differences.get(summary.id);
  if (!found) return "";
  const link = element("a", { href: routeTo("invocation", found.of) }, `#${found.of}`);
  if (!found.text) return element("p.same.facts", null, element("span", null, "A replay of ", link, ": the reply is the same."));
  const made = pane("Difference", "", found.text, textBlock(found.text));
  made.classList.add("difference");
  made.querySelector("header .quiet").append("between the reply of ", link, " and this one");
  return made;
}

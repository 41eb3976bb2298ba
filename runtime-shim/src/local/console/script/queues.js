// The depths of queues, topics and streams, and the messages that were given up.

let queues = [];

const loadQueues = latest(async () => {
  queues = (await read("queues")).queues;
  byId("queues-section").hidden = queues.length === 0;
  const focused = document.activeElement?.dataset?.route;
  byId("queues").replaceChildren(...queues.map(queue => {
    const place = [queue.kind, queue.name, queue.consumer];
    const busy = queue.waiting + queue.delayed + queue.running;
    const route = routeTo("queue", ...place);
    return element("li", null, element("button.entry", { type: "button", "data-route": route, onclick: () => open("queue", ...place) },
      element("b", null, queue.name),
      element("span.depth", null, busy ? `${busy} waiting` : "", busy && queue.dead ? ", " : "", queue.dead ? element("span.bad", null, `${queue.dead} dead`) : "", busy || queue.dead ? "" : "empty"),
      element("span.under", null, `${queue.kind} → ${queue.consumer}`)));
  }));
  markCurrent();
  if (focused) document.querySelector(`#queues [data-route="${CSS.escape(focused)}"]`)?.focus();
  if (isOpen("queue")) refreshQueue();
});

const depthsOf = (kind, name, consumer) => queues.find(queue => queue.kind === kind && queue.name === name && queue.consumer === consumer);

async function showQueue(stage, kind, name, consumer) {
  const place = { kind, name, consumer };
  const depths = element("dl.depths");
  const letters = element("div", { id: "dead" });
  const resendAll = button("Resend all", () => attempt(resendAll, async () => {
    const { resent } = await post("dead/resend-all", place);
    say(`Sent ${resent} again.`);
    await refreshQueue();
  }));
  stage.replaceChildren(
    element("div.title", null, element("h2", { tabindex: -1 }, name), element("span.quiet", null, `${kind} → ${consumer}`)),
    depths,
    element("div.actions", null, element("h3", null, "Dead letters"), resendAll),
    letters);
  stage.refresh = latest(async () => {
    const query = new URLSearchParams({ kind, name, consumer, limit: 100 });
    const { dead } = await read(`dead?${query}`);
    if (!isOpen("queue", kind, name, consumer)) return;
    const now = depthsOf(kind, name, consumer) ?? {};
    depths.replaceChildren(...["waiting", "delayed", "running", "dead"].map(word =>
      element("div", null, element("dt", null, word), element(word === "dead" && now.dead ? "dd.bad" : "dd", null, String(now[word] ?? 0)))));
    resendAll.disabled = dead.length === 0;
    merge(letters, dead, place);
  });
  await stage.refresh();
}

const refreshQueue = () => byId("stage").refresh?.();

// Keeps the letters that stay, with what is open in them and where the focus is.
function merge(letters, dead, place) {
  const have = new Map([...letters.querySelectorAll(".dead")].map(box => [box.dataset.id, box]));
  const wanted = dead.map(letter => {
    const box = have.get(letter.id) ?? deadLetter(letter);
    have.delete(letter.id);
    return box;
  });
  for (const gone of have.values()) gone.remove();
  letters.querySelector(".quiet.none")?.remove();
  wanted.forEach((box, index) => {
    if (letters.children[index] !== box) letters.insertBefore(box, letters.children[index] ?? null);
  });
  if (!wanted.length) letters.append(element("p.quiet.none", null, "None: every message was handled or waits."));
  else if (dead.length === 100) letters.append(element("p.quiet.none", null, "The first hundred; the others follow as these go."));
}

function deadLetter(letter) {
  const done = (act, said) => async () => {
    const buttons = box.querySelectorAll("button");
    for (const each of buttons) each.disabled = true;
    const answer = await attempt(null, () => post(`dead/${encodeURIComponent(letter.id)}/${act}`));
    for (const each of buttons) each.disabled = false;
    if (!answer) return;
    say(said(answer));
    const next = box.nextElementSibling ?? box.previousElementSibling;
    box.remove();
    (next?.querySelector("button") ?? byId("stage").querySelector("h2"))?.focus();
    loadQueues();
  };
  const event = textBlock(prettyEvent(letter.event), true);
  const resend = button("Resend", done("resend", answer => `Sent again as ${answer.queued.join(", ")}.`));
  const discard = sureButton("Discard", "Discard for good", done("discard", () => `Discarded ${letter.id}.`));
  resend.setAttribute("aria-label", `Resend message ${letter.id}`);
  const box = element("article.dead", { "data-id": letter.id, "aria-label": `Message ${letter.id}` },
    element("div.head", null,
      element("b", null, `Message ${letter.id}`),
      element("span.quiet", null, `${letter.attempts} attempt${letter.attempts === 1 ? "" : "s"}, died ${clock(letter.died)}`),
      element("span.buttons", null, resend, discard)),
    element("p.reason.bad", null, letter.reason),
    element("details", null, element("summary", null, "The event"), event));
  return box;
}

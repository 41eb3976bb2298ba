// The fields of a sample event, for each trigger; the event's JSON is what they are read from and written to.

const ACTIONS = { object: ["created", "deleted", "archived", "restored", "updated"], change: ["created", "updated", "deleted"] };
const MESSAGE = [["datacontenttype", "Content type"], ["attributes", "Attributes (name: value)", "pairs"], ["data", "Data", "data"]];
const FIELDS = {
  http: [["http.method", "Method"], ["http.path", "Path"], ["http.query", "Query"], ["http.headers", "Headers (name: value)", "headers"], ["data", "Body", "data"]],
  direct: [["data", "Input", "data"]],
  queue: [["queue.name", "Queue"], ["queue.group", "Group"], ...MESSAGE],
  topic: [["topic.name", "Topic"], ["topic.subject", "Subject"], ["topic.ordering_key", "Ordering key"], ...MESSAGE],
  stream: [["stream.name", "Stream"], ["stream.partition", "Partition"], ["stream.partition_key", "Partition key"], ...MESSAGE],
  object: [["object.action", "Action", "action"], ["object.bucket", "Bucket"], ["object.key", "Key"], ["object.size", "Size in bytes", "number"], ["object.content_type", "Content type"]],
  schedule: [["schedule.name", "Name"], ["schedule.scheduled_for", "Scheduled for"]],
  change: [["change.action", "Action", "action"], ["change.collection", "Collection"], ["change.key", "Key"], ["change.before", "Before", "json"], ["change.after", "After", "json"]],
  event: [["type", "Type"], ["source", "Source"], ["subject", "Subject"], ["datacontenttype", "Content type"], ["data", "Data", "data"]],
};

const pairLines = pairs => pairs.map(([name, value]) => `${name}: ${value}`).join("\n");

function pairsOf(text) {
  return text.split("\n").filter(line => line.trim()).map(line => {
    const at = line.indexOf(":");
    if (at < 1) throw new Error("each line is a name, a colon and a value");
    return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
  });
}

// A value of an event as the text of a field.
function fieldText(value, kind) {
  if (value === undefined || value === null) return "";
  if (kind === "headers") return pairLines(value);
  if (kind === "pairs") return pairLines(Object.entries(value));
  return typeof value === "string" && kind !== "json" ? value : pretty(value);
}

// The text of a field as the value of an event; none if it is empty.
function fieldValue(text, kind, event) {
  if (text === "") return undefined;
  if (kind === "headers") return pairsOf(text).map(([name, value]) => [name.toLowerCase(), value]);
  if (kind === "pairs") return Object.fromEntries(pairsOf(text));
  const asJson = kind === "json" || (kind === "data" && (event.trigger === "direct" || isJson(event.datacontenttype)));
  if (asJson) return parseJson(text);
  if (kind === "number") {
    if (!/^\d+$/.test(text)) throw new Error("a whole number");
    return parseJson(text);
  }
  return text;
}

function getPath(event, path) {
  return path.split(".").reduce((value, name) => value?.[name], event);
}

function setPath(event, path, value) {
  const names = path.split(".");
  const last = names.pop();
  const holder = names.reduce((inner, name) => (inner[name] ??= {}), event);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}

// The inputs for an event; `changed` gets each new event, `wrong` what does not fit.
function fieldInputs(event, changed, wrong) {
  const shown = [];
  const inputs = (FIELDS[event.trigger] ?? []).map(([path, label, kind]) => {
    const long = ["headers", "pairs", "data", "json"].includes(kind);
    const value = fieldText(getPath(event, path), kind);
    const input = kind === "action"
      ? element("select", null, ACTIONS[event.trigger].map(action => element("option", { value: action }, action)))
      : element(long ? "textarea" : "input.mono", { spellcheck: "false", autocomplete: "off", rows: long ? Math.min(12, Math.max(2, value.split("\n").length)) : undefined });
    input.value = value;
    input.addEventListener("input", () => {
      try {
        setPath(event, path, fieldValue(input.value, kind, event));
        input.removeAttribute("aria-invalid");
        changed(event);
      } catch (error) {
        input.setAttribute("aria-invalid", "true");
        wrong(`${label}: ${error.message}`);
      }
    });
    shown.push([path, kind, input]);
    return element(long ? "label.field.wide" : "label.field", null, element("span", null, label), input);
  });
  const refresh = next => {
    event = next;
    for (const [path, kind, input] of shown) {
      input.removeAttribute("aria-invalid");
      if (input !== document.activeElement) input.value = fieldText(getPath(event, path), kind);
    }
  };
  return { inputs, refresh };
}

// The program behind this page.

const API = "/_polyfn/api/";

async function request(path, body) {
  const options = { headers: { accept: "application/json" }, cache: "no-store" };
  if (body !== undefined) {
    options.method = "POST";
    options.headers["content-type"] = "application/json";
    options.body = body;
  }
  let answer;
  try {
    answer = await fetch(API + path, options);
  } catch {
    throw new Error("The program does not answer. Is it still running?");
  }
  const text = await answer.text();
  let value;
  try {
    value = text ? parseJson(text) : {};
  } catch {
    throw new Error(`${path}: the answer is no JSON`);
  }
  if (!answer.ok) throw new Error(value.detail ?? value.title ?? `${path}: status ${answer.status}`);
  return value;
}

const read = path => request(path);
const post = (path, value = {}) => request(path, JSON.stringify(value));

// Asks again only when the last answer is there, however often it is asked; the last wish counts.
function latest(act) {
  let running = false;
  let again = false;
  return async function run() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await act();
    } catch {
      // The state of the connection is told by the changes, not by each answer.
    } finally {
      running = false;
    }
    if (again) {
      again = false;
      setTimeout(run, 250);
    }
  };
}

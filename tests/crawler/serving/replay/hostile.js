// What an archived page could try against the app that shows it. Each attempt leaves what it came to in `tried`.
const APP = "{app}";
const REPLAY = "{replay}";
window.tried = {};
async function attempt(name, act) {
  const patience = new Promise((resolve) => setTimeout(() => resolve("nothing came"), 2500));
  try {
    tried[name] = String(await Promise.race([act(), patience]));
  } catch (error) {
    tried[name] = "refused";
  }
}
function loads(kind, attribute) {
  return new Promise((resolve) => {
    const element = document.createElement(kind);
    element.onload = () => resolve("loaded");
    element.onerror = () => resolve("refused");
    element[attribute] = `${APP}/${kind}`;
    document.body.append(element);
  });
}
function fresh() { // a frame whose functions nobody has wrapped
  const frame = document.createElement("iframe");
  document.body.append(frame);
  return frame.contentWindow;
}
const blobbed = (code) => new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
const answered = (worker) => new Promise((resolve) => {
  worker.onmessage = (event) => resolve(event.data);
  worker.onerror = () => resolve("refused");
});
(async () => {
  await attempt("fetch", async () => (await fetch(`${APP}/fetch`)).status);
  await attempt("opaque", async () => (await fetch(`${APP}/opaque`, { mode: "no-cors" })).type);
  await attempt("unwrapped", async () => (await fresh().fetch(`${APP}/unwrapped`, { mode: "no-cors" })).type);
  await attempt("of-parent", async () => (await parent.fetch(`${APP}/of-parent`, { mode: "no-cors" })).type);
  await attempt("beacon", () => fresh().navigator.sendBeacon(`${APP}/beacon`, "x") && "queued");
  await attempt("image", () => loads("img", "src"));
  await attempt("script", () => loads("script", "src"));
  await attempt("worker", () => answered(blobbed(
    `fetch("${APP}/worker", {mode: "no-cors"}).then((a) => postMessage(a.type), () => postMessage("refused"))`)));
  await attempt("socket", () => new Promise((resolve) => {
    const socket = new (fresh().WebSocket)(APP.replace("http", "ws") + "/socket");
    socket.onopen = () => resolve("opened");
    socket.onerror = () => resolve("refused");
  }));
  await attempt("app-document", () => window.parent.parent.document.title);
  await attempt("unwrapped-app", () => fresh().top.document.title);
  await attempt("open", () => fresh().open(`${APP}/open`) === null ? "refused" : "opened");
  await attempt("register", async () => {
    const container = fresh().navigator.serviceWorker;
    return (await container.register("/news/2026id_/http://hostile.example/worker.js")).scope;
  });
  await attempt("index", async () => (await parent.fetch(`${REPLAY}/news/cdx?url=hostile.example`)).status);
  await attempt("other-collection", async () => (await parent.fetch(`${REPLAY}/view?collection=news&time=2026&url=x`)).status);
  await attempt("cookie", () => { fresh().document.cookie = "planted=1; path=/"; return document.cookie; });
  // Of the real window, the first frame is the document around this one, of the same origin: all that it may do, a
  // script that gets at it may do as well.
  const real = globalThis.top;
  const around = real[0];
  await attempt("around", () => around.document.title);
  await attempt("around-fetch", async () => (await around.fetch(`${APP}/around`, { mode: "no-cors" })).type);
  await attempt("around-index", async () => (await around.fetch(`${REPLAY}/news/cdx?url=hostile.example`)).status);
  await attempt("around-view", async () => (await around.fetch(`${REPLAY}/view?collection=news&time=2026&url=x`)).status);
  await attempt("around-register", async () => {
    const path = "/news/2026id_/http://hostile.example/worker.js";
    return (await around.navigator.serviceWorker.register(path, { scope: path })).scope;
  });
  await attempt("around-eval", () => around.eval("1"));
  await attempt("around-frame", () => new Promise((resolve) => {
    const frame = around.document.createElement("iframe");
    frame.src = `${APP}/around-frame`;
    frame.onload = () => resolve("done");
    around.document.body.append(frame);
  }));
  await attempt("around-image", () => new Promise((resolve) => {
    const image = new around.Image();
    image.onload = () => resolve("loaded");
    image.onerror = () => resolve("refused");
    image.src = `${APP}/around-image`;
  }));
  await attempt("app", () => real.document.title);
  await attempt("frame", () => new Promise((resolve) => {
    const frame = document.createElement("iframe");
    frame.src = `${APP}/frame`;
    frame.onload = () => resolve("done");
    document.body.append(frame);
  }));
  await attempt("form", () => {
    const form = document.createElement("form");
    form.action = `${APP}/form`;
    form.target = "_top";
    document.body.append(form);
    form.submit();
    return "submitted";
  });
  await attempt("top", () => { fresh().top.location = `${APP}/top`; return "led away"; });
  await attempt("parent", () => { fresh().parent.parent.location = `${APP}/parent`; return "led away"; });
  await attempt("around-parent", () => { around.location = `${APP}/around-parent`; return "led away"; });
  await attempt("app-location", () => { real.location.href = `${APP}/app-location`; return "led away"; });
  document.title = "done";
})();

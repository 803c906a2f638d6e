// Gives the archived page to replayweb.page's service worker, and shows what that makes of it.
"use strict";

const SCOPE = "/replay/";
const PATIENCE = 20000; // milliseconds until the worker has answered, on a machine that is busy

async function activeWorker() {
  if (!navigator.serviceWorker) {
    throw new Error("this browser keeps service workers from pages that do not come from this machine or by https");
  }
  const registration = await navigator.serviceWorker.register(`${SCOPE}sw.js`, { scope: SCOPE });
  if (registration.active) {
    return registration.active;
  }
  const worker = registration.installing || registration.waiting;
  await new Promise((resolve, reject) => {
    worker.addEventListener("statechange", () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("the service worker did not start"));
    });
  });
  return registration.active || worker;
}

// Tells the worker where the captures of the collection come from.
function introduce(worker, page) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("the service worker did not answer")), PATIENCE);
    navigator.serviceWorker.addEventListener("message", (event) => {
      if (event.data.name !== page.name) return;
      if (event.data.msg_type === "collAdded") resolve();
      if (event.data.msg_type === "collProgress" && event.data.error) reject(new Error(event.data.error));
    });
    navigator.serviceWorker.startMessages();
    worker.postMessage({
      msg_type: "addColl",
      name: page.name,
      type: "live",
      skipExisting: true,
      file: { sourceUrl: `proxy:${page.source}` },
      extraConfig: { prefix: location.origin + page.source, isLive: false, csp: page.policy },
    });
  });
}

async function show(main) {
  const page = main.dataset;
  const status = main.querySelector("[role=status]");
  try {
    if (page.source) await introduce(await activeWorker(), page); // else pywb replays it on the server
    const frame = document.createElement("iframe");
    frame.name = "___wb_replay_top_frame"; // by which the worker's scripts know where the archived page ends
    frame.title = "Archived page";
    frame.src = `${page.source ? `${SCOPE}w` : ""}/${page.name}/${page.time}mp_/${page.url}`;
    main.className = "shown";
    main.replaceChildren(frame);
  } catch (error) {
    status.textContent = `The archived page can't be replayed: ${error.message}.`;
  }
}

const main = document.querySelector("main[data-url]");
if (main) show(main);

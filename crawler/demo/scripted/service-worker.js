addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => {
  const {pathname} = new URL(event.request.url);
  if (pathname.startsWith("/by-worker/")) {
    event.respondWith(fetch(pathname.replace("/by-worker/", "/api/")));
  }
});

// Builds a story in the element #story, the way that the page's data-way names.
(() => {
  const page = document.currentScript.dataset;
  const place = document.getElementById("story");
  const fetched = (path) => fetch(path).then((answer) => answer.json());
  const block = (name, text) => {
    const element = document.createElement(name);
    element.textContent = text;
    return element;
  };

  function show(story) {
    document.title = story.headline;
    const article = document.createElement("article");
    article.append(block("h1", story.headline));
    const time = block("time", story.date);
    time.dateTime = story.date;
    article.append(time, ...story.paragraphs.map((text) => block("p", text)));
    place.replaceChildren(article);
    return article;
  }

  const ways = {
    // The story's data, and the article of them.
    client: () => fetched(`/api/${page.story}.json`).then(show),

    // The first two paragraphs, and the rest when a reader asks for it.
    more: async () => {
      const article = show(await fetched(`/api/${page.story}.json?part=1`));
      const button = block("button", page.more);
      button.type = "button";
      button.onclick = async () => {
        const rest = await fetched(`/api/${page.story}.json?part=2`);
        button.replaceWith(...rest.paragraphs.map((text) => block("p", text)));
      };
      article.append(button);
    },

    // Nothing but a wall until a reader has answered it.
    consent: () => {
      const wall = document.getElementById("wall");
      for (const button of wall.querySelectorAll("button")) {
        button.onclick = async () => {
          wall.remove();
          show(await fetched(`/api/${page.story}.json?consent=${button.dataset.answer}`));
        };
      }
    },

    // The data by way of a service worker, which asks for them under another address.
    worker: async () => {
      const ready = new Promise((done) => navigator.serviceWorker.addEventListener("controllerchange", done));
      await navigator.serviceWorker.register("/service-worker.js");
      if (!navigator.serviceWorker.controller) await ready;
      show(await fetched(`/by-worker/${page.story}.json`));
    },

    // More memory than there is.
    crash: () => {
      const kept = [];
      for (;;) kept.push(new Array(10_000).fill(0).map((_, number) => ({number})));
    },
  };
  ways[page.way]();
})();

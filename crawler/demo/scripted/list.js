// Links to stories, some at a time: the next ones come when the end of the list is in sight.
(() => {
  const list = document.getElementById("stories");
  const end = document.getElementById("end");
  let part = 0;
  let busy = false;

  async function more() {
    if (busy) return;
    busy = true;
    const stories = await fetch(`/api/stories.json?part=${(part += 1)}`).then((answer) => answer.json());
    for (const {href, headline} of stories) {
      const item = document.createElement("li");
      item.style.minHeight = "50vh";
      const link = document.createElement("a");
      link.href = href;
      link.textContent = headline;
      item.append(link);
      list.append(item);
    }
    busy = false;
    if (!stories.length) watch.disconnect();
  }

  const watch = new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && more());
  watch.observe(end);
})();

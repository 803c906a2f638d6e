// What is done to a page so that it shows all of its article. It runs in a world of its own (isolated from the page's
// scripts), never follows a link and never submits a form. Words come from words.toml.
((words) => {
  const fold = (text) =>
    text.normalize("NFKD").replace(/[\p{M}\u0640]/gu, "").toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const sets = Object.fromEntries(
    Object.entries(words).map(([name, phrases]) => [name, new Set(phrases.map(fold))]));
  const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));
  const isShown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 &&
      element.checkVisibility({opacityProperty: true, visibilityProperty: true});
  };

  function* everywhere(root) {
    for (const element of root.querySelectorAll("*")) {
      yield element;
      if (element.shadowRoot) yield* everywhere(element.shadowRoot);
    }
  }

  // A control that neither leads elsewhere nor sends a form.
  const isControl = (element) => {
    const name = element.localName;
    if (name === "a") {
      const target = element.getAttribute("href");
      return target === null || target === "" || target.startsWith("#") || target.startsWith("javascript:");
    }
    if (name === "button") return element.type === "button" || !element.form;
    if (name === "input") return element.type === "button";
    if (element.closest("a[href]")) return false;
    return name === "summary" || element.getAttribute("role") === "button";
  };
  const label = (element) => {
    const text = element.localName === "input" ? element.value : element.innerText;
    return fold((text || element.getAttribute("aria-label") || "").slice(0, 80));
  };

  const isBanner = (element) => {
    if (element.matches("dialog[open], [role=dialog], [role=alertdialog], [aria-modal=true]")) return true;
    const position = getComputedStyle(element).position;
    return position === "fixed" || position === "sticky";
  };
  const asksForConsent = (element) => {
    const text = ` ${fold(element.textContent.slice(0, 20000))} `;
    return [...sets.consent].some((phrase) => text.includes(` ${phrase} `) || /cookie|隐私|隱私/.test(text));
  };

  return {
    // Presses no, or yes where there is no no, in a banner that asks for consent; returns what it pressed.
    consent() {
      for (const banner of everywhere(document)) {
        if (!isBanner(banner) || !isShown(banner) || !asksForConsent(banner)) continue;
        const controls = [...everywhere(banner.shadowRoot || banner)]
          .filter((element) => isControl(element) && isShown(element));
        for (const wanted of [sets.reject, sets.accept]) {
          const found = controls.find((control) => wanted.has(label(control)));
          if (found) { found.click(); return label(found); }
        }
      }
      return "";
    },

    // Opens what is folded; returns how many controls were pressed.
    async expand(most) {
      const pressed = new Set();
      for (let again = true; again && pressed.size < most;) {
        again = false;
        for (const element of [...everywhere(document)]) {
          if (pressed.size >= most) break;
          if (pressed.has(element) || !isControl(element) || element.closest("nav, header, footer, form")) continue;
          if (!sets.more.has(label(element)) || !isShown(element)) continue;
          pressed.add(element);
          element.click();
          again = true;
          await pause(0.2);
        }
      }
      return pressed.size;
    },

    // Scrolls down to the end as it is now; returns the number of screens it went.
    async down(most, seconds) {
      const ends = performance.now() + seconds * 1000;
      const root = document.scrollingElement || document.documentElement;
      for (let steps = 0; ; steps += 1) {
        const before = root.scrollTop;
        scrollBy({top: innerHeight * 0.9, behavior: "instant"});
        if (root.scrollTop <= before || steps === most || performance.now() > ends) return steps;
        await pause(0.15);  // scripts look at where the page is every tenth of a second or so
      }
    },

    up() { scrollTo({top: 0, behavior: "instant"}); },
  };
})

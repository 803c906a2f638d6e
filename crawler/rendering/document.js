// A document as markup, with the frames in it that a reader reads in. Runs in a world of its own in the document's frame.
// `SEEN` is the attribute that marks a frame which was read.
((SEEN) => {
  let read = [];

  function shadowRoots() {
    const roots = [];
    const walk = (root) => {
      for (const element of root.querySelectorAll("*")) {
        if (element.shadowRoot) { roots.push(element.shadowRoot); walk(element.shadowRoot); }
      }
    };
    walk(document);
    return roots;
  }

  function selected(selector) {
    return [document, ...shadowRoots()].flatMap((root) => [...root.querySelectorAll(selector)]);
  }

  // In XML a start tag is written otherwise alone than in its document.
  function isHtml() {
    return document.contentType === "text/html";
  }

  function area(element) {
    const box = element.getBoundingClientRect();
    return box.width * box.height;
  }

  // As wide as a column of text, a good part of the window, on the page and to be seen there.
  function isRead(element, {width, height, share}) {
    const box = element.getBoundingClientRect();
    return box.width >= width && box.height >= height && area(element) >= share * innerWidth * innerHeight &&
      box.right > 0 && box.left < innerWidth && box.bottom + scrollY > 0 &&
      element.checkVisibility({opacityProperty: true, visibilityProperty: true});
  }

  // How many frames are read, at most so many; the largest first.
  function frames(most, least) {
    const sized = isHtml() ? selected("iframe").filter((element) => isRead(element, least)) : [];
    read = sized.sort((one, other) => area(other) - area(one)).slice(0, most);
    return read.length;
  }

  // The address of the document, or that which addresses in it are relative to; null for what the browser itself shows.
  function address() {
    if (/^https?:/.test(location.href)) return location.href.split("#", 1)[0];
    return /^(about|blob|data):/.test(location.href) && /^https?:/.test(document.baseURI) ? document.baseURI : null;
  }

  function startTag(element) {
    const markup = element.cloneNode(false).outerHTML;
    return markup.slice(0, markup.lastIndexOf("</"));
  }

  function serialised() {
    const type = document.doctype;
    const name = type && `<!DOCTYPE ${type.name}` +
      (type.publicId ? ` PUBLIC "${type.publicId}"` : type.systemId ? " SYSTEM" : "") +
      (type.systemId ? ` "${type.systemId}"` : "") + ">\n";
    const root = document.documentElement;
    if (!root) return "";
    const roots = shadowRoots();
    if (!root.getHTML || !roots.length) return (name || "") + root.outerHTML;
    return (name || "") + startTag(root) + root.getHTML({shadowRoots: roots}) + `</${root.localName}>`;
  }

  // The same, with other start tags for some frames. While it is read their elements bear an attribute that nobody can
  // know, so each tag is found whatever else the markup holds.
  function markup(token, written) {
    const places = new Map(written.map(([number, place, url]) => [read[number], {place, url}]));
    const changed = isHtml() ? [...new Set([...places.keys(), ...selected(`iframe[${SEEN}]`)])] : [];
    changed.forEach((element, number) => element.setAttribute(token, number));
    let text = serialised();
    for (const element of changed) {
      const before = startTag(element);
      element.removeAttribute(token);
      const copy = element.cloneNode(false);
      copy.removeAttribute(SEEN); // what a page says of itself
      const {place, url} = places.get(element) || {};
      if (place) {
        copy.removeAttribute("srcdoc");
        copy.setAttribute("sandbox", "");
        copy.setAttribute(SEEN, url);
        copy.setAttribute("srcdoc", place);
      }
      text = text.replace(before, () => startTag(copy));
    }
    return text;
  }

  // The same of a framed document: in a `srcdoc` its addresses would be relative to the page around it.
  function framed(token, written, longest) {
    const text = markup(token, written);
    if (text.length > longest || !document.head) return null;
    const head = startTag(document.head);
    const at = text.indexOf(head) + head.length;
    const base = document.createElement("base");
    base.href = document.baseURI;
    return text.slice(0, at) + base.outerHTML + text.slice(at);
  }

  return {frames, frame: (number) => read[number], address, markup, framed};
})

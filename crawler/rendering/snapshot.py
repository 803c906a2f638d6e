"""What is kept of a page beside its exchanges: its markup, a picture, a print."""

from __future__ import annotations

from base64 import b64decode

from crawler.rendering.protocol import Session

_WIDTH = 1280
_TALLEST = 16_000  # pixels; Chromium's compositor draws no more than 16,384
_MARKUP = """
(() => {
  const type = document.doctype;
  const name = type && `<!DOCTYPE ${type.name}` +
    (type.publicId ? ` PUBLIC "${type.publicId}"` : type.systemId ? " SYSTEM" : "") +
    (type.systemId ? ` "${type.systemId}"` : "") + ">\\n";
  const roots = [];
  const walk = (root) => {
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) { roots.push(element.shadowRoot); walk(element.shadowRoot); }
    }
  };
  walk(document);
  const root = document.documentElement;
  if (!root) return "";
  if (!root.getHTML || !roots.length) return (name || "") + root.outerHTML;
  const open = root.cloneNode(false).outerHTML;
  const end = open.lastIndexOf("</");
  return (name || "") + open.slice(0, end) + root.getHTML({shadowRoots: roots}) + open.slice(end);
})()
"""


async def markup(page: Session, world: int) -> bytes:
    """The document as it is now, doctype first, UTF-8.

    Open shadow roots are written as declarative ones (`<template shadowrootmode>`, HTML 4.12.3): a browser that
    reads the file builds the same tree, and the content stands in the markup for whoever reads that. Flattened into
    the light tree, which knows no slots, a replay would show it unstyled and twice.
    """
    answer = await page.send("Runtime.evaluate", expression=_MARKUP, contextId=world, returnByValue=True)
    text: str = answer["result"].get("value") or ""
    return text.encode("utf-8", "replace")


async def picture(page: Session) -> tuple[bytes, bool]:
    """A PNG of the whole page, and whether its end is cut off."""
    size = (await page.send("Page.getLayoutMetrics"))["cssContentSize"]
    height = max(1, min(int(size["height"]), _TALLEST))
    clip = {"x": 0, "y": 0, "width": _WIDTH, "height": height, "scale": 1}
    answer = await page.send("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)
    return b64decode(answer["data"]), size["height"] > _TALLEST


async def printed(page: Session) -> bytes:
    """A PDF of the page."""
    answer = await page.send("Page.printToPDF", printBackground=True, preferCSSPageSize=True)
    return b64decode(answer["data"])

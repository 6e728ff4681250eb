"""Names and texts of XML elements."""

from typing import Any


def local(element: Any) -> str:
    """Return an element's name without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def inner_text(element: Any) -> str:
    """Return an element's text; markup within it stays markup, to be cleaned with the blurb.

    Entities that only a DTD defines ("&eacute;") are left as they are written.
    """
    from lxml import etree

    if not len(element):
        return (element.text or "").strip()
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            parts.append(etree.tostring(child, encoding="unicode", method="html"))
        else:  # an entity that was not resolved
            parts.append((child.text or "") + (child.tail or ""))
    return "".join(parts).strip()

# SPDX-License-Identifier: MIT
"""SVG as text, in the colours of the page: `currentColor`, and the classes of _static/isopixel.css."""

from html import escape


class Drawing:
    """A drawing of a width and height in units of which a letter is 12 high."""

    def __init__(self, width, height, title):
        self.width, self.height, self.title = width, height, title
        self.parts = []

    def add(self, name, text=None, **attributes):
        """Adds an element; an underscore in an attribute's name stands for - and one at its end for nothing."""
        values = (f' {key.strip("_").replace("_", "-")}="{_text(value)}"' for key, value in attributes.items())
        body = "/>" if text is None else f">{escape(str(text))}</{name}>"
        self.parts.append(f"<{name}{''.join(values)}{body}")

    def line(self, x1, y1, x2, y2, kind="axis"):
        self.add("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)

    def path(self, points, kind, closed=False):
        commands = " ".join(f"{'L' if i else 'M'}{_text(x)} {_text(y)}" for i, (x, y) in enumerate(points))
        self.add("path", d=commands + (" Z" if closed else ""), class_=kind)

    def rect(self, x, y, width, height, kind, title=None):
        if title is None:
            self.add("rect", x=x, y=y, width=width, height=height, class_=kind)
            return
        rect = f'<rect x="{_text(x)}" y="{_text(y)}" width="{_text(width)}" height="{_text(height)}" class="{kind}">'
        self.parts.append(f"{rect}<title>{escape(title)}</title></rect>")

    def dot(self, x, y, kind, radius=3.5):
        self.add("circle", cx=x, cy=y, r=radius, class_=kind)

    def text(self, x, y, text, anchor="middle", kind="label"):
        self.add("text", text, x=x, y=y, text_anchor=anchor, class_=kind)

    def __str__(self):
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
        head += f'width="{self.width}" height="{self.height}" role="img" aria-label="{escape(self.title)}">'
        return "\n".join([head, *self.parts, "</svg>"])


def _text(value):
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)

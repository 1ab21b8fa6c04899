# SPDX-License-Identifier: MIT
"""An HTML page as a parser of the standard library reads it."""

import base64
import io
from html.parser import HTMLParser

import numpy as np
from PIL import Image


class Page(HTMLParser):
    """What is on a page: the elements that are open, the text, the pictures."""

    VOID = ("meta", "img", "br", "wbr")
    OPTIONAL = ("td", "th", "tr", "li")  # whose ends may be left out

    def __init__(self, html):
        super().__init__()
        self.open, self.tags, self.pictures, self.words, self.titles = [], set(), [], [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        attributes = dict(attributes)
        assert not [name for name in attributes if name.startswith("on") or name == "href"]
        self.titles += [attributes["title"]] if "title" in attributes else []
        if tag == "img":
            kind, data = attributes["src"].split(",", 1)
            assert kind == "data:image/png;base64"
            self.pictures.append(np.asarray(Image.open(io.BytesIO(base64.b64decode(data, validate=True)))))
        if tag not in self.VOID + self.OPTIONAL:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

# SPDX-License-Identifier: MIT
"""Anchors for the rules of SPEC.md, and a link from every R-n on the site to its rule."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import make_refnode

PAGE = "reference/specification"
UNTOUCHED = (nodes.literal, nodes.literal_block, nodes.reference, nodes.title, nodes.raw)


def anchor_rules(app, doctree):
    """Gives each paragraph that begins with a rule's number, in bold, the anchor R-n."""
    if app.env.docname != PAGE:
        return
    slugs = app.env.metadata[PAGE]["myst_slugs"]  # of what links in Markdown may name
    for paragraph in doctree.findall(nodes.paragraph):
        first = next(paragraph.findall(nodes.strong), None)
        if first is not None and (rule := re.match(r"R-\d+", first.astext())):
            paragraph["ids"].append(rule[0])
            slugs[rule[0]] = (paragraph.line, rule[0], rule[0])


class LinkRules(SphinxPostTransform):
    """Makes a link of each R-n in running text."""

    default_priority = 500

    def run(self, **kwargs):
        here = self.env.docname
        for text in list(self.document.findall(nodes.Text)):
            if _is_inside(text, UNTOUCHED) or (here == PAGE and _is_inside(text, (nodes.strong,))):
                continue
            parts = re.split(r"\b(R-\d+)\b", str(text))
            if len(parts) == 1:
                continue
            pieces = [
                nodes.Text(part) if i % 2 == 0 else self._link(here, part) for i, part in enumerate(parts) if part
            ]
            text.parent.replace(text, pieces)

    def _link(self, here, rule):
        return make_refnode(self.app.builder, here, PAGE, rule, nodes.Text(rule), f"rule {rule} of the specification")


def _is_inside(node, kinds):
    while (node := node.parent) is not None:
        if isinstance(node, kinds):
            return True
    return False


def setup(app):
    app.connect("doctree-read", anchor_rules)
    app.add_post_transform(LinkRules)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

# SPDX-License-Identifier: MIT
"""Google's docstrings without types in them, and modules whose imports are mocked.

Napoleon takes what stands before the first colon of a result or a property for its type. Here it is part of a sentence.
"""

from sphinx.ext.autodoc.mock import _MockObject
from sphinx.ext.napoleon.docstring import GoogleDocstring


def _consume_returns_section(self, preprocess_types=False):
    return [("", "", self._dedent(self._consume_to_next_section()))]


def _parse_attribute_docstring(self):
    return self._dedent(self._consume_contiguous() + self._consume_empty())


def setup(app):
    GoogleDocstring._consume_returns_section = _consume_returns_section
    GoogleDocstring._parse_attribute_docstring = _parse_attribute_docstring
    # A mocked class in an annotation such as `Tensor | None`.
    _MockObject.__or__ = _MockObject.__ror__ = lambda self, other: self
    return {"parallel_read_safe": True, "parallel_write_safe": True}

# SPDX-License-Identifier: MIT
"""The site's drawings, each made from the project's own tables when the page is built; each has a function `draw`."""

# SPDX-License-Identifier: MIT
"""Traces: what the steps of a pipeline made of an image, and where two pipelines part."""

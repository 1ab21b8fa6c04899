# SPDX-License-Identifier: MIT
"""The directive `command-line`: a section for each command of isopixel, from what `--help` prints."""

import inspect

import click
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from isopixel._cli.commands import main


def leaf_commands(group, path):
    """Yields the context of each command of a group and of the groups in it."""
    for name, command in sorted(group.commands.items()):
        context = click.Context(command, info_name=name, parent=path)
        if isinstance(command, click.Group):
            yield from leaf_commands(command, context)
        else:
            yield context


class CommandLine(SphinxDirective):
    """For each command: its usage, its text, and its options as a list of definitions."""

    def run(self):
        top = click.Context(main, info_name="isopixel")
        return [self._section(context) for context in leaf_commands(main, top)]

    def _section(self, context):
        command, path = context.command, context.command_path
        section = nodes.section(ids=[path.replace(" ", "-")], names=[path])
        section += nodes.title("", "", nodes.literal("", path))
        section += nodes.literal_block("", " ".join([path, *command.collect_usage_pieces(context)]), language="text")
        for paragraph in inspect.cleandoc(command.help).split("\n\n"):
            section += nodes.paragraph("", " ".join(paragraph.split()))
        records = [option.get_help_record(context) for option in command.params if isinstance(option, click.Option)]
        options = nodes.definition_list(classes=["options"])
        for names, text in records:
            term = nodes.term("", "", nodes.literal("", names))
            options += nodes.definition_list_item("", term, nodes.definition("", nodes.paragraph("", text)))
        if records:
            section += options
        return section


def setup(app):
    app.add_directive("command-line", CommandLine)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

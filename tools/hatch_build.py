"""Puts `data/` into the wheel as `labs/_data`; an editable install reads it where it is."""

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class DataHook(BuildHookInterface):
    """Called by hatchling before it builds."""

    def initialize(self, version, build_data):
        """Add the data folder, except to an editable install."""
        if version != "editable":
            build_data["force_include"]["data"] = "labs/_data"

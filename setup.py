"""Build step beyond pyproject.toml: compile the resources into the wheel."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
RESOURCES = Path("trackly_desktop", "gui", "resources_rc.py")
sys.path.insert(0, str(ROOT / "packaging"))

from compile_resources import compile_resources  # noqa: E402 - from packaging/


class BuildWithResources(build_py):
    """Compile resources/trackly.qrc beside the package's own modules."""

    def run(self) -> None:
        super().run()
        compile_resources((ROOT if self.editable_mode else Path(self.build_lib)) / RESOURCES)

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        outputs = super().get_outputs(include_bytecode)
        resources = str(Path(self.build_lib) / RESOURCES)
        return outputs if resources in outputs else [*outputs, resources]


setup(cmdclass={"build_py": BuildWithResources})

"""A function that imports its neighbours in every way there is, as late as inside ``process``."""

from pathlib import Path

from tests.runtime.loading.project import Project

LAZY = """
    import importlib
    import pickle
    import typing
    from dataclasses import dataclass

    import helper


    @dataclass
    class Order:
        item: "Item"


    class Item(str):
        pass


    class F:
        def process(self, input, context):
            import helper as statement
            from helper import NAME as name
            from package import part
            import late

            function = importlib.import_module("helper")
            order = pickle.loads(pickle.dumps(Order(Item(input))))
            assert type(order) is Order and type(order.item) is Item
            assert typing.get_type_hints(Order) == {"item": Item}
            assert len({id(vars(module)) for module in (helper, statement, function)}) == 1
            helper.calls += 1
            return [name, statement.NAME, function.NAME, part.NAME, late.NAME, statement.calls]
"""


def write(project: Project, name: str) -> Path:
    project.write(f"{name}/function.py", LAZY)
    project.write(f"{name}/helper.py", f"NAME = 'helper {name}'\ncalls = 0\n")
    project.write(f"{name}/package/__init__.py", "")
    project.write(f"{name}/package/part.py", f"NAME = 'part {name}'\n")
    project.write(f"{name}/late.py", f"NAME = 'late {name}'\n")
    return project.directory / name / "function.py"


def answers(name: str, calls: int) -> list[object]:
    return [f"helper {name}"] * 3 + [f"part {name}", f"late {name}", calls]

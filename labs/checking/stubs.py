"""Whether an answer was attempted at all, from its bytecode: no source is needed."""

import dis
import types

_STUBS = """
def stub():
    pass

def stub():
    return ...

def stub():
    raise NotImplementedError

def stub():
    raise NotImplementedError()

def stub():
    raise NotImplementedError("text")
"""


def is_stub(function, starter=None):
    """Whether the body only holds a docstring, `...`, `pass`, `return None`, `return ...` or
    `raise NotImplementedError`, or equals the starter's.
    """
    if type(function) is not types.FunctionType:
        return False
    instructions = _instructions(function.__code__)
    return instructions in _known_stubs() or (
        starter is not None and instructions == _instructions(_functions(starter)[0])
    )


def _known_stubs():
    return [_instructions(code) for code in _functions(_STUBS)]


def _functions(source):
    module = compile(source, "<stub>", "exec")
    return [constant for constant in module.co_consts if isinstance(constant, types.CodeType)]


def _instructions(code):
    found = []
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("RESUME", "NOP", "COPY_FREE_VARS"):
            continue
        value = instruction.argval
        if isinstance(value, types.CodeType):
            value = _instructions(value)
        elif isinstance(value, str) and instruction.opname == "LOAD_CONST":
            value = "text"
        found.append((instruction.opname, value))
    return found

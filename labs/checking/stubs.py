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
    if _instructions(function.__code__, any_text=True) in _known_stubs():
        return True
    return starter is not None and _instructions(function.__code__) == _instructions(_functions(starter)[0])


def _known_stubs():
    return [_instructions(code, any_text=True) for code in _functions(_STUBS)]


def _functions(source):
    module = compile(source, "<stub>", "exec")
    return [constant for constant in module.co_consts if isinstance(constant, types.CodeType)]


def _instructions(code, any_text=False):
    """Operations and their values; with `any_text` the texts of errors do not count."""
    found = []
    for instruction in dis.get_instructions(code):
        if instruction.opname in ("RESUME", "NOP", "COPY_FREE_VARS"):
            continue
        value = instruction.argval
        if isinstance(value, types.CodeType):
            value = _instructions(value, any_text)
        elif any_text and isinstance(value, str) and instruction.opname == "LOAD_CONST":
            value = "text"
        found.append((instruction.opname, value))
    return found

"""TH104: what was decoded or decompressed is run as code, or a name that runs code is hidden.

Encoded code is what malicious packages are made of, for nobody reads it in a review.
"""

from __future__ import annotations

import ast

from tenterhooks.bandit.detections import executed, flow, names, trees
from tenterhooks.bandit.detections.origin import Origin
from tenterhooks.bandit.detections.plugin import CODE_INJECTION, HIGH, MEDIUM, detection, found

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.bandit.detections.plugin import Context, Issue

_DECODERS = frozenset(
    {
        *(f"base64.{name}" for name in (
            "b64decode", "b32decode", "b16decode", "b85decode", "a85decode", "decodebytes",
            "decodestring", "standard_b64decode", "urlsafe_b64decode", "b32hexdecode", "z85decode",
        )),
        "zlib.decompress", "gzip.decompress", "bz2.decompress", "lzma.decompress",
        "binascii.unhexlify", "binascii.a2b_hex", "binascii.a2b_base64", "binascii.a2b_uu",
        "marshal.loads", "bytes.fromhex", "bytearray.fromhex", "codecs.decode",
    }
)  # fmt: skip
# The codecs that hide text; "utf-8" and its like do not.
_ENCODED = ("rot", "hex", "base64", "base_64", "zlib", "zip", "bz2", "uu", "quopri", "unicode_esc")
_DECRYPTERS = ("cryptography.fernet.Fernet",)
# `Crypto.Cipher.AES.new(...)` of PyCryptodome.
_CIPHERS = ("Crypto.Cipher.", "Cryptodome.Cipher.")
_PASSES = frozenset({"str", "bytes", "compile", "builtins.compile", "bytearray", "textwrap.dedent"})
_HIDDEN_RUN = ("exec", "eval")


@detection("TH104", "Call", names=executed.NAMES)
def decoded_code_executed(context: Context) -> Issue:
    if context.call_function_name not in executed.NAMES:
        return None
    call, aliases = context.node, context.import_aliases
    it = executed.run(call, aliases)
    if it is None or _is_restored(call):
        return None
    if any(_Decoded(call, aliases).is_in(code) for code in it.code):
        return found(
            f"{it.what} runs what was decoded just before: nobody who reads this file sees the "
            "code that runs. Write it out as source.",
            HIGH,
            CODE_INJECTION,
        )
    if it.hidden and it.what in _HIDDEN_RUN:
        return found(
            f"The name of {it.what} is not written as such: a search for it does not find this "
            f"call. Call {it.what} by its name, or not at all.",
            MEDIUM,
            CODE_INJECTION,
            MEDIUM,
        )
    return None


def _is_restored(call: ast.Call) -> bool:
    """Whether a function is put together again that was taken apart: code that is hidden has no
    defaults and no closure. (B302 speaks of the `marshal.loads` in it.)"""
    if trees.last_name(call) not in ("FunctionType", "LambdaType"):
        return False
    if len(call.args) > 3 or any(it.arg in ("argdefs", "closure") for it in call.keywords):
        return True
    made = getattr(call, "_bandit_parent", None)
    targets = made.targets if isinstance(made, ast.Assign) else []
    named = [names.dotted(it, {}) for it in targets]
    return any(flow.attributes(f"{it}.__defaults__", call) for it in named if it)


class _Decoded(Origin):
    def is_item(self, node: ast.Subscript, deep: int) -> bool:
        return _is_turned(node, self.call) or super().is_item(node, deep)

    def is_made_by(self, node: ast.Call, deep: int) -> bool:
        name = names.spelled(node.func, self.aliases)
        if name == "codecs.decode":
            return _is_encoded(names.argument(node, 1, "encoding"))
        if name in _DECODERS:
            return True
        if name in _PASSES:
            return bool(node.args) and (
                self.is_in(node.args[0], deep) or _is_arithmetic(node.args[0])
            )
        if not isinstance(node.func, ast.Attribute):
            return False
        method, holder = node.func.attr, node.func.value
        if method == "decode" and _is_encoded(names.argument(node, 0, "encoding")):
            return True
        if method == "join" and node.args and _is_of_numbers(node.args[0]):
            return True
        return (method == "decrypt" and self._is_cipher(holder)) or self.is_in(holder, deep)

    def _is_cipher(self, node: ast.AST) -> bool:
        bound = [node] if isinstance(node, ast.Call) else flow.values(node, self.call)
        made = [names.dotted(it.func, self.aliases) for it in bound if isinstance(it, ast.Call)]
        return any(it in _DECRYPTERS or it.startswith(_CIPHERS) for it in made)


def _is_encoded(encoding: ast.expr | None) -> bool:
    """Whether a decoding hides what it decodes: "rot13" does, "utf-8" does not."""
    name = None if encoding is None else names.text(encoding)
    return name is not None and name.lower().replace("-", "_").startswith(_ENCODED)


def _is_turned(node: ast.Subscript, call: ast.Call) -> bool:
    """Whether it is a literal read backwards."""
    if not names.is_reversed(node):
        return False
    bound = flow.values(node.value, call) or [node.value]
    return any(isinstance(it, ast.Constant) and isinstance(it.value, (str, bytes)) for it in bound)


def _is_of_numbers(items: ast.AST) -> bool:
    """``chr(n) for n in ...``, ``map(chr, ...)``, ``[chr(101), chr(120)]``."""
    if isinstance(items, ast.Call):
        return _is_chr(items.func, "map") and bool(items.args) and _is_chr(items.args[0], "chr")
    if isinstance(items, (ast.GeneratorExp, ast.ListComp)):
        return isinstance(items.elt, ast.Call) and _is_chr(items.elt.func, "chr")
    if isinstance(items, (ast.List, ast.Tuple)):
        calls = [it for it in items.elts if isinstance(it, ast.Call) and _is_chr(it.func, "chr")]
        return bool(calls)
    return False


def _is_arithmetic(items: ast.AST) -> bool:
    """``b ^ key for b in ...``: what `bytes` is given to decipher."""
    return isinstance(items, (ast.GeneratorExp, ast.ListComp)) and (
        isinstance(items.elt, ast.BinOp)
        and isinstance(items.elt.op, (ast.BitXor, ast.Sub, ast.Add))
    )


def _is_chr(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name

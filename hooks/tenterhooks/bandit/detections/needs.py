"""What each detection needs to see before it can find anything, told without importing it.

Each condition is necessary, never more: the detection itself still decides. A test holds this
table to the modules.
"""

from __future__ import annotations

from tenterhooks.bandit.detections import nodes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from tenterhooks.bandit.guards import OfFile, OfNode


class Calls:
    """The calls that a detection looks at: those of one of the names, and those with one of the
    keywords. None of both: all.

    names: last parts of the names of calls, or whole dotted ones; "" for a call of what has no
    name. In a file of which ``where`` does not hold, no call; in one of which ``all_where`` holds,
    every call.
    """

    __slots__ = ("all_where", "keywords", "names", "where")

    def __init__(
        self,
        names: Collection[str] | None = None,
        keywords: Collection[str] | None = None,
        where: OfFile | None = None,
        all_where: OfFile | None = None,
    ) -> None:
        self.names = names
        self.keywords = keywords
        self.where = where
        self.all_where = all_where


_STARTERS = frozenset(
    {
        *("run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput"),
        *("create_subprocess_exec", "create_subprocess_shell", "system", "popen", "spawn"),
        *("execl", "execle", "execlp", "execlpe", "execv", "execve", "execvp", "execvpe"),
        *("spawnl", "spawnle", "spawnlp", "spawnlpe", "spawnv", "spawnve", "spawnvp", "spawnvpe"),
        *("posix_spawn", "posix_spawnp"),
    }
)
_RUNNERS = _STARTERS | {
    *("exec", "eval", "compile", "FunctionType", "LambdaType", "__import__", "import_module", ""),
}

# Id -> kind of node -> what is needed.
NEEDS: dict[str, dict[str, Calls | OfNode]] = {
    "TH101": {"Call": Calls({"extractall", "extract", "unpack_archive"})},
    "TH102": {"Call": Calls(_STARTERS | {"main", ""})},
    "TH103": {"Call": Calls(_RUNNERS)},
    "TH104": {"Call": Calls(_RUNNERS)},
    "TH105": {
        "Call": Calls(
            {
                *("disable_warnings", "filterwarnings", "simplefilter", "set_verify", "setopt"),
                *("tls_insecure_set", "os.environ.setdefault", "os.putenv", "os.environ.update"),
            },
            {
                *("verify_ssl", "ssl_verify", "verify_ssl_certs", "verify_cert", "verify_certs"),
                *("tls_verify", "verify_tls", "validate_cert", "validate_certs", "tlsInsecure"),
                *("tlsAllowInvalidCertificates", "tlsAllowInvalidHostnames"),
                *("disable_ssl_certificate_validation", "insecure_skip_verify"),
                *("insecure_skip_tls_verify", "check_hostname", "assert_hostname"),
                *("ssl_check_hostname", "cert_reqs", "ssl_cert_reqs", "verify_mode"),
                *("verify", "ssl", "env"),
            },
            all_where=nodes.names_unverified,
        ),
        "Assign": nodes.sets_tls,
        "AnnAssign": nodes.sets_tls,
        "Dict": nodes.has_tls_key,
    },
    "TH106": {
        "Call": Calls(
            {
                *("load", "loads", "read_array", "NpzFile", "load_model", "model_from_json"),
                *("deserialize_keras_object", "deserialize", "enable_unsafe_deserialization"),
            },
            {"trust_remote_code"},
        )
    },
    "TH107": {
        "Call": Calls(
            {
                *("load", "load_all", "unsafe_load", "unsafe_load_all", "YAML"),
                *("Loader", "CLoader", "UnsafeLoader", "CUnsafeLoader"),
            }
        )
    },
    "TH108": {
        "Call": Calls(
            _STARTERS
            | {
                *("setdefault", "putenv", "setenv", "update", "dict"),
                *("install", "run_always", "run_install"),
            }
        ),
        "List": nodes.has_options,
        "Tuple": nodes.has_options,
        "Dict": nodes.has_installers,
        "Assign": nodes.sets_installers,
    },
    "TH109": {
        "Call": Calls(
            {
                *("post", "put", "patch", "request", "get", "urlopen", "Request", "urlretrieve"),
                *("send", "sendall", "sendto", "sendmail", "send_json", "send_str"),
            }
        )
    },
    "TH110": {"File": nodes.is_not_ascii},
    "TH111": {"Str": nodes.may_be_token, "Bytes": nodes.may_be_token},
    "TH112": {
        "Call": Calls(
            {
                *("run", "call", "check_call", "check_output", "Popen", "getoutput", "system"),
                *("getstatusoutput", "popen", "create_subprocess_shell", "subprocess_shell"),
                *("spawn", "posix_spawn", "posix_spawnp", "Thread", "Process", "Timer", "submit"),
                *("map", "apply", "apply_async", "starmap", "partial", "run_in_executor"),
                *("to_thread", "run_sync", "register", "call_soon", "call_later"),
                *("start_new_thread", "addCleanup", ""),
            }
        )
    },
    "TH113": {
        "Call": Calls(
            _STARTERS
            | {
                *("Client", "ClientSession", "Curl", "FTP", "HTTPConnection", "HTTPSConnection"),
                *("PoolManager", "Session", "build_opener", "create_connection", "download"),
                *("eval", "exec", "get", "post", "put", "request", "socket", "stream"),
                *("urlopen", "urlretrieve"),
            },
            where=nodes.is_build,
        )
    },
    "TH114": {
        "Call": Calls(
            {
                *("decode", "decode_complete", "encode", "get_unverified_claims", "UnsafeNoOp"),
                *("connect", "connect_reverse", "create_connection", "listen_reverse", "scp"),
                *("get_server_host_key", "SSHClientConnectionOptions", "dict"),
            }
        ),
        "Dict": nodes.has_off_key,
        "Assign": nodes.sets_host_keys,
        "Str": nodes.says_host_keys,
    },
    "TH115": {
        "Call": Calls(
            {
                *("new", "HMAC", "digest", "file_digest", "pbkdf2_hmac", "generate_password_hash"),
                *("getattr", "hash", "encrypt", "using"),
            }
        ),
        "Attribute": nodes.is_weak,
    },
    "TH116": {
        "Call": Calls({"sys.path.insert", "sys.path.append", "sys.path.extend", "site.addsitedir"}),
        "Assign": nodes.sets_path,
        "AugAssign": nodes.sets_path,
    },
    "TH117": {
        "FunctionDef": nodes.has_text_default,
        "AsyncFunctionDef": nodes.has_text_default,
        "AnnAssign": nodes.is_annotated_text,
    },
}

"""What Bandit 1.9.4 has: its tests by id and name, and the keys that its configuration takes.

A table, so that nothing of Bandit is imported to check a configuration; a test compares it with
the Bandit that is installed.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = "1.9.4"

# The tests that are functions, by id; their names are those of Bandit's entry points.
PLUGINS = {
    "B101": "assert_used",
    "B102": "exec_used",
    "B103": "set_bad_file_permissions",
    "B104": "hardcoded_bind_all_interfaces",
    "B105": "hardcoded_password_string",
    "B106": "hardcoded_password_funcarg",
    "B107": "hardcoded_password_default",
    "B108": "hardcoded_tmp_directory",
    "B110": "try_except_pass",
    "B112": "try_except_continue",
    "B113": "request_without_timeout",
    "B201": "flask_debug_true",
    "B202": "tarfile_unsafe_members",
    "B324": "hashlib_insecure_functions",
    "B501": "request_with_no_cert_validation",
    "B502": "ssl_with_bad_version",
    "B503": "ssl_with_bad_defaults",
    "B504": "ssl_with_no_version",
    "B505": "weak_cryptographic_key",
    "B506": "yaml_load",
    "B507": "ssh_no_host_key_verification",
    "B508": "snmp_insecure_version",
    "B509": "snmp_weak_cryptography",
    "B601": "paramiko_calls",
    "B602": "subprocess_popen_with_shell_equals_true",
    "B603": "subprocess_without_shell_equals_true",
    "B604": "any_other_function_with_shell_equals_true",
    "B605": "start_process_with_a_shell",
    "B606": "start_process_with_no_shell",
    "B607": "start_process_with_partial_path",
    "B608": "hardcoded_sql_expressions",
    "B609": "linux_commands_wildcard_injection",
    "B610": "django_extra_used",
    "B611": "django_rawsql_used",
    "B612": "logging_config_insecure_listen",
    "B613": "trojansource",
    "B614": "pytorch_load",
    "B615": "huggingface_unsafe_download",
    "B701": "jinja2_autoescape_false",
    "B702": "use_of_mako_templates",
    "B703": "django_mark_safe",
    "B704": "markupsafe_markup_xss",
}

# What those look at that are not of calls.
LOOKS_AT = {
    "assert_used": "Assert",
    "hardcoded_bind_all_interfaces": "Str",
    "hardcoded_password_default": "FunctionDef",
    "hardcoded_password_string": "Str",
    "hardcoded_sql_expressions": "Str",
    "hardcoded_tmp_directory": "Str",
    "ssl_with_bad_defaults": "FunctionDef",
    "trojansource": "File",
    "try_except_continue": "ExceptHandler",
    "try_except_pass": "ExceptHandler",
}

# The calls and imports that are on its blacklists.
BLACKLISTS = {
    "B301": "pickle",
    "B302": "marshal",
    "B303": "md5",
    "B304": "ciphers",
    "B305": "cipher_modes",
    "B306": "mktemp_q",
    "B307": "eval",
    "B308": "mark_safe",
    "B310": "urllib_urlopen",
    "B311": "random",
    "B312": "telnetlib",
    "B313": "xml_bad_cElementTree",
    "B314": "xml_bad_ElementTree",
    "B315": "xml_bad_expatreader",
    "B316": "xml_bad_expatbuilder",
    "B317": "xml_bad_sax",
    "B318": "xml_bad_minidom",
    "B319": "xml_bad_pulldom",
    "B321": "ftplib",
    "B323": "unverified_context",
    "B401": "import_telnetlib",
    "B402": "import_ftplib",
    "B403": "import_pickle",
    "B404": "import_subprocess",
    "B405": "import_xml_etree",
    "B406": "import_xml_sax",
    "B407": "import_xml_expat",
    "B408": "import_xml_minidom",
    "B409": "import_xml_pulldom",
    "B411": "import_xmlrpclib",
    "B412": "import_httpoxy",
    "B413": "import_pycrypto",
    "B415": "import_pyghmi",
}

# The test that runs the blacklists. Beside one of them it says nothing; alone it means them all.
BLACKLIST = "B001"

# What earlier versions had. Their configuration generator wrote these into many a file.
RETIRED = {
    "B109": "password_config_option_not_marked_secret",
    "B111": "execute_with_run_as_root_equals_true",
    "B309": "httpsconnection",
    "B320": "xml_bad_etree",
    "B322": "input",
    "B325": "tempnam",
    "B410": "import_lxml",
    "B414": "import_pycryptodome",
}

# Tests of a legacy profile that come with data of their own, in blacklist_calls and
# blacklist_imports.
LEGACY = ("blacklist_calls", "blacklist_imports", "blacklist_import_func")

# What its tests can be told, with what they take where nothing is said: the type of a default is
# the type that is wanted, and a list holds strings. From `gen_config` of its plugins.
SECTIONS: dict[str, dict[str, Any]] = {
    "assert_used": {"skips": []},
    "hardcoded_tmp_directory": {"tmp_dirs": ["/tmp", "/var/tmp", "/dev/shm"]},  # noqa: S108
    "markupsafe_xss": {"extend_markup_names": [], "allowed_calls": []},
    "shell_injection": {
        "subprocess": [
            "subprocess.Popen",
            "subprocess.call",
            "subprocess.check_call",
            "subprocess.check_output",
            "subprocess.run",
        ],
        "shell": [
            "os.system",
            "os.popen",
            "os.popen2",
            "os.popen3",
            "os.popen4",
            "popen2.popen2",
            "popen2.popen3",
            "popen2.popen4",
            "popen2.Popen3",
            "popen2.Popen4",
            "commands.getoutput",
            "commands.getstatusoutput",
            "subprocess.getoutput",
            "subprocess.getstatusoutput",
        ],
        "no_shell": [
            "os.execl",
            "os.execle",
            "os.execlp",
            "os.execlpe",
            "os.execv",
            "os.execve",
            "os.execvp",
            "os.execvpe",
            "os.spawnl",
            "os.spawnle",
            "os.spawnlp",
            "os.spawnlpe",
            "os.spawnv",
            "os.spawnve",
            "os.spawnvp",
            "os.spawnvpe",
            "os.startfile",
        ],
    },
    "ssl_with_bad_version": {
        "bad_protocol_versions": [
            "PROTOCOL_SSLv2",
            "SSLv2_METHOD",
            "SSLv23_METHOD",
            "PROTOCOL_SSLv3",
            "PROTOCOL_TLSv1",
            "SSLv3_METHOD",
            "TLSv1_METHOD",
            "PROTOCOL_TLSv1_1",
            "TLSv1_1_METHOD",
        ]
    },
    "try_except_continue": {"check_typed_exception": False},
    "try_except_pass": {"check_typed_exception": False},
    "weak_cryptographic_key": {
        "weak_key_size_dsa_high": 1024,
        "weak_key_size_dsa_medium": 2048,
        "weak_key_size_rsa_high": 1024,
        "weak_key_size_rsa_medium": 2048,
        "weak_key_size_ec_high": 160,
        "weak_key_size_ec_medium": 224,
    },
}

# Bandit's generator and its documentation name a section after the test; where several tests
# share one, Bandit reads only that.
SHARED = {
    "any_other_function_with_shell_equals_true": "shell_injection",
    "linux_commands_wildcard_injection": "shell_injection",
    "markupsafe_markup_xss": "markupsafe_xss",
    "ssl_with_bad_defaults": "ssl_with_bad_version",
    "start_process_with_a_shell": "shell_injection",
    "start_process_with_no_shell": "shell_injection",
    "start_process_with_partial_path": "shell_injection",
    "subprocess_popen_with_shell_equals_true": "shell_injection",
    "subprocess_without_shell_equals_true": "shell_injection",
}
RETIRED_SECTIONS = (
    "execute_with_run_as_root_equals_true",
    "password_config_option_not_marked_secret",
)

# The keys beside those sections, and what each holds. `targets` is in Bandit's documentation
# only: it reads it from .bandit and the command line.
KEYS = {
    "tests": "strings",
    "skips": "strings",
    "exclude_dirs": "strings",
    "include": "strings",
    "targets": "strings",
    "log_format": "string",
    "plugin_name_pattern": "string",
    "profiles": "tables",
    "blacklist_calls": "tables",
    "blacklist_imports": "tables",
}

# The keys of a .bandit: the long options of its command line, most of them.
INI_KEYS = (
    "configfile",
    "exclude",
    "skips",
    "tests",
    "targets",
    "recursive",
    "aggregate",
    "number",
    "profile",
    "level",
    "confidence",
    "format",
    "msg-template",
    "output",
    "verbose",
    "debug",
    "quiet",
    "ignore-nosec",
    "baseline",
)

# Where difflib would guess wrong: what people write, and where it belongs.
MEANT = {
    "exclude": "exclude_dirs is the list of paths to leave out",
    "severity": "the floor is severity-level in [tool.tenterhooks.bandit]",
    "confidence": "the floor is confidence-level in [tool.tenterhooks.bandit]",
    "level": "the floor is severity-level in [tool.tenterhooks.bandit]",
    "target": "Bandit has targets",
    "baseline": "it belongs into [tool.tenterhooks.bandit]",
}
INI_MEANT = {
    "exclude_dirs": "in an INI file it is exclude",
    "severity": "in an INI file it is level",
    "severity-level": "in an INI file it is level",
    "confidence-level": "in an INI file it is confidence",
    "skip": "did you mean skips?",
}


def section(name: str) -> str | None:
    """The section that the test ``name`` reads, if any."""
    return SHARED.get(name, name if name in SECTIONS else None)

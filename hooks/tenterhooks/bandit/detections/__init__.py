"""Detections of ours, as plugins of Bandit: they work in plain Bandit too.

``TESTS`` has a row for each: id -> (name, module, function). The name is the one that Bandit shows
and takes in ``nosec``; name, module and function make the entry point in ``bandit.plugins``. What
each looks at is told in ``needs``.
"""

from __future__ import annotations

_HERE = "tenterhooks.bandit.detections."

TESTS: dict[str, tuple[str, str, str]] = {
    test_id: (function, _HERE + module, function)
    for test_id, module, function in (
        ("TH101", "th101_archives", "unsafe_archive_extraction"),
        ("TH102", "th102_installs", "runtime_install"),
        ("TH103", "th103_fetched", "fetched_code_executed"),
        ("TH104", "th104_decoded", "decoded_code_executed"),
        ("TH105", "th105_tls", "tls_verification_off"),
        ("TH106", "th106_models", "unsafe_model_loading"),
        ("TH107", "th107_yaml", "unsafe_yaml_loading"),
        ("TH108", "th108_package_index", "package_index_option"),
        ("TH109", "th109_environment_sent", "environment_sent"),
        ("TH110", "th110_invisible_characters", "invisible_characters"),
        ("TH111", "th111_publishing_token", "publishing_token"),
        ("TH112", "th112_shell_by_another_name", "shell_by_another_name"),
        ("TH113", "th113_install_time", "runs_at_install_time"),
        ("TH114", "th114_signatures", "signature_check_off"),
        ("TH115", "th115_weak_digests", "weak_digest_variant"),
        ("TH116", "th116_import_path", "import_path_from_outside"),
        ("TH117", "th117_password_defaults", "password_default"),
    )
}

"""TH106: models and arrays whose loading runs code."""

from __future__ import annotations

from pathlib import Path

import pytest
from detecting import issues, names_cover, plain, said

COMMIT = "0123456789abcdef0123456789abcdef01234567"
HEAD = "import cloudpickle, joblib, keras, transformers\nimport numpy as np\n"
PICKLES = [
    "joblib.load(p)",
    "from joblib import load\nload(p)",
    "from sklearn.externals import joblib as j\nj.load(p)",
    "cloudpickle.load(f)",
    "cloudpickle.loads(b)",
    "from cloudpickle import loads as l\nl(b)",
    "from ray import cloudpickle as c\nc.loads(b)",
    "from joblib.externals import cloudpickle\ncloudpickle.load(f)",
    "from mine._vendor import cloudpickle as c\nc.loads(b)",
    "import pickle5\npickle5.loads(b)",
    "import compress_pickle\ncompress_pickle.load(p)",
    "np.load(p, allow_pickle=True)",
    "np.load(p, None, True)",
    "from numpy import load\nload(p, allow_pickle=True)",
    "np.lib.format.read_array(f, allow_pickle=True)",
    "np.lib.npyio.NpzFile(f, allow_pickle=True)",
    "import jax.numpy as jnp\njnp.load(p, allow_pickle=True)",
    "from torch import load\nload(p)",
    "from torch import load\nload(p, map_location='cpu', weights_only=False)",
    "from torch.serialization import load\nload(p)",
    "import torch.nn as nn\ntorch.load(p)",
    "keras.models.load_model(p, safe_mode=False)",
    "keras.saving.deserialize_keras_object(o, safe_mode=False)",
    "load_model(p, compile=False, safe_mode=False)",
    "keras.config.enable_unsafe_deserialization()",
    "import tensorflow as tf\ntf.keras.config.enable_unsafe_deserialization()",
    "b = fetch()\ncloudpickle.loads(b)",
]

REMOTE = [
    "import torch\ntorch.hub.load('owner/name', 'model')",
    "import torch\ntorch.hub.load('owner/name:main', 'model', trust_repo=True)",
    "import torch\ntorch.hub.load(repo_or_dir='owner/name:v1', model='model')",
    "import torch\ntorch.hub.load(name, 'model')",
    "from torch import hub\nhub.load('owner/name', 'model')",
    "from torch.hub import load\nload('owner/name', 'model')",
    "AutoModel.from_pretrained(n, trust_remote_code=True)",
    "transformers.pipeline('x', model=n, trust_remote_code=True)",
    "load_dataset(n, trust_remote_code=True)",
    "AutoModel.from_pretrained(n, revision='main', trust_remote_code=True)",
    f"AutoModel.from_pretrained(n, revision='{COMMIT[:7]}', trust_remote_code=True)",
    "AutoModel.from_pretrained(n, revision=wanted, trust_remote_code=True)",
    "wanted = 'v1'\nAutoModel.from_pretrained(n, revision=wanted, trust_remote_code=True)",
]

SILENT = [
    "np.load(p)",
    "np.load(p, allow_pickle=False)",
    "np.load(p, allow_pickle=wanted)",
    "np.save(p, a, allow_pickle=True)",
    "np.loadtxt(p)",
    "mine.load(p, allow_pickle=True)",
    "joblib.dump(m, p)",
    "joblib.hash(m)",
    "joblib_like.load(p)",
    "model.load(p)",
    "load(p)",
    "json.load(f)",
    "json.loads(s)",
    "cloudpickle.loads(cloudpickle.dumps(x))",
    "b = cloudpickle.dumps(x)\ncloudpickle.loads(b)",
    "from joblib.externals import cloudpickle\ncloudpickle.loads(cloudpickle.dumps(x))",
    "my.cloudpickle.loader(b)",
    "from torch import load\nload(p, weights_only=True)",
    "from torch import load\nload(p, weights_only=wanted)",
    "from torch import hub\nhub.load('/here', 'model', source='local')",
    f"from torch import hub\nhub.load('owner/name:{COMMIT}', 'model')",
    f"AutoModel.from_pretrained(n, revision='{COMMIT}', trust_remote_code=True)",
    f"AutoModel.from_pretrained(n, code_revision='{COMMIT}', trust_remote_code=True)",
    f"READ = '{COMMIT}'\nAutoModel.from_pretrained(n, revision=READ, trust_remote_code=True)",
    "AutoModel.from_pretrained(n, trust_remote_code=False)",
    "AutoModel.from_pretrained(n, trust_remote_code=wanted)",
    "AutoModel.from_pretrained(n)",
    "keras.models.load_model(p)",
    "keras.models.load_model(p, safe_mode=True)",
    "start(safe_mode=False)",
    "safetensors.torch.load_file(p)",
    # What B614 and B301 say already.
    "import torch\ntorch.load(p)",
    "import pickle\npickle.load(f)",
    "import _pickle\n_pickle.loads(b)",
    "import dill\ndill.loads(b)",
    "import pandas as pd\npd.read_pickle(p)",
]


@pytest.mark.parametrize("source", PICKLES)
def test_pickles(source: str) -> None:
    source = HEAD + source
    assert said("TH106", source) == [(source.count("\n") + 1, "MEDIUM", "HIGH")]
    assert names_cover("TH106", source)


@pytest.mark.parametrize("source", REMOTE)
def test_remote_code(source: str) -> None:
    source = HEAD + source
    assert said("TH106", source) == [(source.count("\n") + 1, "HIGH", "HIGH")]
    assert names_cover("TH106", source)


@pytest.mark.parametrize("source", SILENT)
def test_silent(source: str) -> None:
    assert said("TH106", HEAD + source) == []


def test_it_says_what_to_do() -> None:
    (pickle,) = issues("TH106", HEAD + PICKLES[0])
    assert (pickle.cwe.id, "joblib.load unpickles" in pickle.text) == (502, True)
    (remote,) = issues("TH106", HEAD + REMOTE[-1])
    assert (remote.cwe.id, "pin revision to a commit" in remote.text) == (494, True)


def test_in_plain_bandit(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_text("import joblib\n\njoblib.load(p)\n", "utf-8")
    (result,) = plain("TH106", file)
    assert (result["line_number"], result["test_id"]) == (3, "TH106")

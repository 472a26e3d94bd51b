"""Facts about single actions, each with its source."""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tenterhooks.formats.uses import Action

# Tag objects of pypa/gh-action-pypi-publish: tag object -> (commit, version). The action pulls
# an image that is named after the SHA in `uses`; images are made of commits only, so that a
# release dies with "manifest unknown" after its tag is public.
# Source: the tags of that repository up to v1.8.14 (March 2024), and of the later ones those
# that broken releases have named: luciferreeves/edify#52 (v1.14.0), livekit/agents#6837 (v1.14.2).
TAG_OBJECTS = {
    "ac9137700382092e954a82f6661e939778fc9e6c": (
        "9cebe9a0ed95397bd2d0e617cd79e8ab1961d7c5",
        "v1.0.0a0",
    ),
    "246924170b9624f2091ab3e75c1e7df8d580ef2b": (
        "00ef3b81828a3fa69f3434842ce50ec3981351b0",
        "v1.3.0",
    ),
    "978ab9d8ae158a74ee2dd849d31cc7ffac2606f4": (
        "bce3b74dbf8cc32833ffba9d15f83425c1a736e0",
        "v1.3.1",
    ),
    "bd49659508ecdaad518bfe79f870cca0c2dcea2c": (
        "54b39fb9371c0b3a6f9f14bb8a67394defc7a806",
        "v1.4.1",
    ),
    "de28d9ba77687207b06b3b209062202e973a6cd9": (
        "27b31702a0e7fc50959f5ad993c78deac1bdfc29",
        "v1.4.2",
    ),
    "0fc90bca7acbb84292e0cff399f8579284fcfc7d": (
        "717ba43cfbb0387f6ce311b169a825772f54d295",
        "v1.5.0",
    ),
    "e82502a58f785c921a7a22a77e4c78c122f24081": (
        "37f50c210e3d2f9450da2cd423303d6a14a6e29f",
        "v1.5.1",
    ),
    "24696e5c218781fafd71098a74766e72859ff780": (
        "d7edd4c95736a5bc1260d38b5523f5d24338bc25",
        "v1.5.2",
    ),
    "c81663dec4eaf59865c114f80d045990b48cf651": (
        "d2a2496a01f8b4b773ccd9cae8f2151589de5b62",
        "v1.6.0",
    ),
    "6ab5058c87d1547a87f18c62940958e8b671eb23": (
        "5d1679fa6b895587c6eb10c3fe82205b440a580e",
        "v1.6.1",
    ),
    "35ac5e279d2410058ff00ffe6b1b66d97d424bde": (
        "ce291dce5b39b74daf2a1a0dcb652314e3263edb",
        "v1.6.2",
    ),
    "3d8483b980ba862e227ad344aef53a4c8925ee6f": (
        "e71a4a4c1d3837e77d0353f9229be9217526a2c4",
        "v1.6.3",
    ),
    "5bafe663595f0774cde1f3da2749ed0cdb80f199": (
        "c7f29f7adef1a245bd91520e94867e5c6eedddcc",
        "v1.6.4",
    ),
    "b0e805d76ccae90f8b12938287e863fb19dbc3ea": (
        "32b5e9370928566935e085a9154f23bd662ef41c",
        "v1.6.5",
    ),
    "c43daab09d4868a5e9976f7f635b5a401680ceb9": (
        "7104b6e981edc64651f8fc454998a67914173bdb",
        "v1.7.0",
    ),
    "c32c76c3eb1726a8dfb21c8646d3f2e252275284": (
        "22b4d1f12511f2696162c08546dafbaa903448a2",
        "v1.7.1",
    ),
    "c885e3684f3c07e1dbfaedb92012a0eb38630bf8": (
        "8ef2b3d46c9ecba901fb2ae21d98e322c4089c4e",
        "v1.8.0",
    ),
    "9260449fd3b96fc37d87c2aa31ad246554e28b40": (
        "a3a3bafbb3e5a75a854ae1bc53ae128cf22c4af4",
        "v1.8.1",
    ),
    "e4ba694d1db30f9f798255153f90d1960591a3a4": (
        "f3ce18f69986f83a044b6e618425238f6c1bb8ef",
        "v1.8.2",
    ),
    "1b49e7cd85bc493c33c546b33b662b4670dc7754": (
        "48b317d84d5f59668bb13be49d1697e36b3ad009",
        "v1.8.3",
    ),
    "4da962db6bfb895d2114452d0efeb0ead5251143": (
        "29930c9cf57955dc1b98162d0d8bc3ec80d9e75c",
        "v1.8.4",
    ),
    "ec94faf661171edd10e04e17083573f3b8cec97e": (
        "0bf742be3ebe032c25dd15117957dc15d0cfc38d",
        "v1.8.5",
    ),
    "022908f23cbfe6da2e7982feef85a9ca21ec4c0c": (
        "a56da0b891b3dc519c7ee3284aff1fad93cc8598",
        "v1.8.6",
    ),
    "a22a47905863bf08b196e66a1a5970e0c36b077b": (
        "f5622bde02b04381239da3573277701ceca8f6a0",
        "v1.8.7",
    ),
    "ae63f3323ae7b31c08f2805b18056cbf132ce478": (
        "f8c70e705ffc13c3b4d1221169b84f12a75d6ca8",
        "v1.8.8",
    ),
    "c113c7076b790e9d026a6f3c111f4bfbb4460ba7": (
        "ade57f54dcc56d4858ca681c80269c26dc7b9149",
        "v1.8.9",
    ),
    "a4160796eac2c969452993d54d054b2b39b6c13c": (
        "b7f401de30cb6434a1e19f805ff006643653240e",
        "v1.8.10",
    ),
    "f946db0f765b9ae754e44bfd5ae5b8b91cfb37ef": (
        "2f6f737ca5f74c637829c0f5c3acd0e29ea5e8bf",
        "v1.8.11",
    ),
    "f8276ee1a254ef352db6e5f5f630adb835f2bdae": (
        "e53eb8b103ffcb59469888563dc324e3c8ba6f06",
        "v1.8.12",
    ),
    "acce7fb5c7f715a6a8cbcf6f0dee592227e4c2ab": (
        "741947b9cadc96c98b60dd2f32f89a5ef7fb113c",
        "v1.8.13",
    ),
    "68e62d4871ad9d14a9d55f114e6ac71f0b408ec0": (
        "81e9d935c883d0b210363ab89cf05f3894778450",
        "v1.8.14",
    ),
    "7f25271a4aa483500f742f9492b2ab5648d61011": (
        "76f52bc884231f62b9a034ebfe128415bbaabdfc",
        "v1.12.4",
    ),
    "6733eb7d741f0b11ec6a39b58540dab7590f9b7d": (
        "cef221092ed1bacb1cc03d23a2d87d1d172e277b",
        "v1.14.0",
    ),
    "a892a5a61159132606e93a2fa6f4358831b04d26": (
        "dc37677b2e1c63e2034f94d8a5b11f265b73ba33",
        "v1.14.2",
    ),
}

# Reusable workflows that verifiers accept by a full version tag only. Source: the README of
# slsa-framework/slsa-github-generator, "Referencing SLSA builders and generators".
_TAG_ONLY = "slsa-framework/slsa-github-generator/.github/workflows/"
_FULL_VERSION = re.compile(r"v\d+\.\d+\.\d+(?:-[\w.]+)?")


def must_be_tag(action: Action) -> bool:
    """Whether ``action`` is one that must be named by its version tag, and is."""
    if not action.name.lower().startswith(_TAG_ONLY):
        return False
    return _FULL_VERSION.fullmatch(action.ref) is not None

"""English words that hold sentences together and say little of what they are about."""

_LISTED = (
    "a about above after again against ago all almost along already also although always am "
    "among an and another any anyone anything are around as at away back be became because "
    "become been before behind being below beneath beside besides between beyond both but by "
    "can cannot come could did do does doing done down during each either else enough even ever "
    "every everyone everything far few for from get gets go goes going got had has have having "
    "he her here hers herself him himself his how however i if in indeed inside instead into is "
    "it its itself just least less let like made make makes many may me might mine more most "
    "much must my myself near neither never nevertheless next no nobody none nor not nothing "
    "now of off often on once one only onto or other others otherwise our ours ourselves out "
    "outside over own perhaps quite rather really same seem seems shall she should since so "
    "some somehow someone something sometimes somewhere soon still such than that the their "
    "theirs them themselves then there therefore these they this those though through "
    "throughout thus to together too toward towards under unless until up upon us very was we "
    "well were what whatever when whenever where wherever whether which while who whoever whom "
    "whose why will with within without would yet you your yours yourself yourselves"
)
_WORDS = frozenset(_LISTED.split())
_STEMS = _WORDS | {"ca", "wo", "sha", "let"}
_ENDINGS = ("n't", "'s", "'d", "'ll", "'re", "'ve", "'m")


def is_function_word(word: str) -> bool:
    """Tell whether `word` is one, alone or drawn together with another ("he'd", "isn't")."""
    word = word.lower().replace("’", "'")
    if word in _WORDS:
        return True
    return any(word.endswith(ending) and word[: -len(ending)] in _STEMS for ending in _ENDINGS)

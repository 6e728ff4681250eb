"""Is a text English? Told by its script and its commonest words.

A language library would know more: py3langid 0.4.0 takes 77 MB and 0.9 s to load, a third of the
memory this site has and most of the time it may take to start. The question here is smaller. The
model reads English; which other language a text is in matters only for saying so.
"""

import re
import unicodedata
from collections import Counter
from typing import Literal, NamedTuple

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
"""A run of letters, with inner apostrophes kept."""

# The commonest short words of each language, those of English left out of the other lists.
_COMMON = {
    "English": "the and of to a in is that with his her for as on by from who he she it they an at "
    "be was are but their has this will when what you your not or have one all into can about "
    "which my we i its him them how more there if out up only than then most these no",
    "French": "le la les des une dans et est que qui pour par sur avec son sa ses au aux du ce "
    "cette il elle ils nous vous pas ne se mais plus comme leur tout être été où l'on c'est n'est "
    "d'un d'une qu'il qu'elle un de je sont sans",
    "German": "der das und den dem ein eine einer einem einen ist nicht von mit sich auf für im zu "
    "des auch aus bei nach wie aber sie er wir ihr ihre sein seine hat wird als noch nur dass doch "
    "zum zur vom werden ich über",
    "Spanish": "el la los las de del en y que un una por con para su sus se es al como más pero lo "
    "le no ha este esta entre cuando sin sobre ser también hasta todo desde está muy donde son",
    "Italian": "il lo gli di del della delle dei che un una per con non si è nel nella sono da al "
    "alla come ma più suo sua suoi ha questo questa anche se le la ed tra degli dal dalla sul cui",
    "Portuguese": "o os as um uma de do da dos das em no na nos nas que e para com por se não seu "
    "sua mais como mas ao é foi ele ela são entre quando muito também até já pelo pela sem",
    "Dutch": "de het een en van ik te dat die niet zijn op aan met als voor er maar om hem dan zou "
    "wat mijn dit hij zij naar heeft hun ze uit nog worden werd bij ook tot haar wordt door deze",
    "Swedish": "och att det som en ett är av för på med den till inte har om han hon de sig men "
    "var från när eller hans hennes kan ska så där efter",
    "Danish or Norwegian": "og at det som en et er af av for på med den til ikke har om han hun de "
    "sig seg men var fra når eller hans hendes hennes kan skal så der etter efter",
    "Polish": "i w z na do się nie że jest to jak o po co za od ale który która przez dla jego jej "
    "przed już tylko czy ich ma są oraz",
    "Czech": "a se v na je že s z do o i to jako za by ale který která pro jeho své jen když byl "
    "od po ve si už jsou nebo",
    "Romanian": "și de la în a cu o pe un care nu din să este mai că ce pentru se lui sau dar fi "
    "ale prin după fost când sunt",
    "Hungarian": "a az és hogy nem egy is ez de meg csak már el volt aki vagy mint még ha ki van "
    "be azt amely minden",
    "Turkish": "ve bir bu da de için ile olarak çok gibi daha ne olan kadar ama her o var mi en "
    "sonra onun ya değil",
    "Indonesian or Malay": "yang dan di ini itu dengan untuk dari tidak dalam pada akan ke seorang "
    "ada adalah juga ia sebuah karena saat bisa tak telah mereka kita",
    "Finnish": "ja on ei että hän se oli mutta kun joka myös ovat sen kuin niin tai hänen mitä jos "
    "nyt vain ole",
}
_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _listed in _COMMON.items():
    for _word in set(_listed.split()):
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

# On every third blurb of the training data (12,732 in English, 13 in other languages) these refuse
# no English one and are unsure of six, mostly lists; see tests/ml/serving/test_language.py.
CLEAR_LEAD = 2.0
CLEAR_SHARE = 0.12
UNSURE_ENGLISH = 0.12
ENOUGH_WORDS = 8


class Verdict(NamedTuple):
    """Whether a text is English: "yes", "unsure" or "no", and what it may be instead."""

    english: Literal["yes", "unsure", "no"]
    other: str = ""


def detect(text: str) -> Verdict:
    """Tell whether `text` is English by its script, then by its commonest words."""
    scripts = Counter[str]()
    for char, count in Counter(text).items():
        if char.isalpha():
            scripts[_script(char)] += count
    if scripts:
        script, count = scripts.most_common(1)[0]
        if script != "Latin" and count > 0.5 * scripts.total():
            return Verdict("no", f"{script} script")
    found = WORD.findall(text.lower().replace("’", "'"))
    if len(found) < ENOUGH_WORDS:
        return Verdict("yes")
    common = Counter(language for word in found for language in _LANGUAGES_OF.get(word, ()))
    english = common.pop("English", 0) / len(found)
    for language, count in common.most_common(1):
        share = count / len(found)
        if share >= CLEAR_SHARE and share >= CLEAR_LEAD * english:
            return Verdict("no", language)
    return Verdict("unsure" if english < UNSURE_ENGLISH else "yes")


def _script(char: str) -> str:
    """Return the script of a letter by the first word of its Unicode name: "Latin", "Greek"..."""
    if char.isascii():
        return "Latin"
    name = unicodedata.name(char, "unknown").split(maxsplit=1)[0].split("-")[0].capitalize()
    return {"Cjk": "Chinese", "Hiragana": "Japanese", "Katakana": "Japanese"}.get(name, name)

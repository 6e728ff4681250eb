"""English is told from other languages, and English blurbs are not refused."""

import gzip
import json
from pathlib import Path

import pytest

from ml.serving.language import detect
from webapp.pages.examples import EXAMPLES

OTHERS = {
    "French": "Dans un petit village au bord de la mer, une jeune femme découvre que son père "
    "n'est pas celui qu'elle croyait.",
    "German": "In einem kleinen Dorf am Meer entdeckt eine junge Frau, dass ihr Vater nicht der "
    "ist, für den sie ihn gehalten hat, und dass die Wahrheit gefährlich ist.",
    "Spanish": "En un pequeño pueblo junto al mar, una joven descubre que su padre no es el "
    "hombre que ella creía, y que la verdad es más peligrosa que la mentira.",
    "Italian": "In un piccolo paese sul mare, una giovane donna scopre che il padre non è l'uomo "
    "che lei credeva, e che la verità è più pericolosa della menzogna.",
    "Portuguese": "Numa pequena aldeia junto ao mar, uma jovem descobre que o pai não é o homem "
    "que ela julgava, e que a verdade é mais perigosa do que a mentira.",
    "Dutch": "In een klein dorp aan zee ontdekt een jonge vrouw dat haar vader niet de man is "
    "die zij dacht, en dat de waarheid gevaarlijker is dan de leugen.",
    "Swedish": "I en liten by vid havet upptäcker en ung kvinna att hennes far inte är den han "
    "har utgett sig för att vara, och att sanningen är farligare än lögnen.",
    "Polish": "W małej wiosce nad morzem młoda kobieta odkrywa, że jej ojciec nie jest tym, za "
    "kogo go uważała, i że prawda jest dużo bardziej niebezpieczna niż to kłamstwo.",
    "Indonesian or Malay": "Di sebuah desa kecil di tepi laut, seorang perempuan muda menemukan "
    "bahwa ayahnya bukan orang yang ia kira, dan kebenaran itu lebih berbahaya dari dusta.",
    "Turkish": "Deniz kenarında küçük bir köyde genç bir kadın, babasının sandığı kişi olmadığını "
    "ve gerçeğin yalandan daha tehlikeli bir şey olduğunu öğrenir, ama çok geç.",
    "Greek script": "Σε ένα μικρό χωριό δίπλα στη θάλασσα μια νέα γυναίκα ανακαλύπτει την αλήθεια.",
    "Chinese script": "在海边的一个小村庄里,一个年轻的女人发现她的父亲不是她以为的那个人。",
    "Arabic script": "في قرية صغيرة على شاطئ البحر تكتشف امرأة شابة أن والدها ليس كما ظنت.",
}
BLURBS = Path("../shared/data/books.jsonl.gz")


@pytest.mark.parametrize("language", OTHERS)
def test_other_languages_are_named(language: str):
    assert detect(OTHERS[language]) == ("no", language)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.slug)
def test_english_is_english(example):
    assert detect(example.description).english == "yes"


def test_foreign_names_do_not_make_a_text_foreign():
    text = "In Buenos Aires, Señora de la Vega y Núñez opens El Gato del Mar, a café for the lost."
    assert detect(text).english == "yes"


def test_a_bare_list_is_doubted_and_not_refused():
    text = "Chocolate cakes, puddings, frostings, candies, fillings, biscuits, tarts, pies, creams"
    assert detect(text).english == "unsure"


def test_hardly_any_real_blurb_is_refused():
    if not BLURBS.exists():
        pytest.skip(f"needs {BLURBS}, which a clone does not have")
    with gzip.open(BLURBS, "rt", encoding="utf-8") as lines:
        verdicts = [
            detect(json.loads(line)["description"]).english
            for place, line in enumerate(lines)
            if place % 10 == 0
        ]
    assert verdicts.count("no") < 0.002 * len(verdicts)
    assert verdicts.count("unsure") < 0.005 * len(verdicts)

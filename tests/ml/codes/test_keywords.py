import csv
import json

from ml.__main__ import main
from ml.codes import codes_for
from ml.codes.keywords import by_label, shelves
from ml.data.keyword_phrases import phrases, plain
from ml.vocabulary.genres import vocabulary

BLURB = (
    "In a drowned kingdom, an exiled prince and a village baker follow the hidden map of the old "
    "queen. It is the near future, and a robot waits. From lemon cakes to poisoned wine, the "
    "secret recipe decides."
)


def found(prediction, text, title="", **labels):
    return [keyword.phrase for keyword in codes_for(prediction(**labels), text, title).keywords]


def test_phrases_come_from_readers_the_blurb_and_the_genres(prediction):
    keywords = found(prediction, BLURB, Fiction=0.9, Science_Fiction=0.9, Mystery=0.9)
    assert {"near future", "exiled prince", "village baker", "murder mystery"} <= {*keywords}
    assert len(keywords) == 7
    assert all(2 <= len(phrase.split()) <= 4 for phrase in keywords)


def test_what_neither_text_nor_genres_say_is_not_claimed(prediction):
    keywords = found(prediction, "Two people meet.", Fiction=0.9, Romance=0.95)
    assert keywords == ["love story"]


def test_title_and_category_are_not_repeated(prediction):
    title = "The Exiled Prince"
    keywords = found(prediction, BLURB, title, Fiction=0.9, Short_Stories=0.9)
    assert "exiled prince" not in keywords
    assert "short stories" not in keywords


def test_no_two_share_a_word(prediction):
    keywords = found(prediction, BLURB, Fiction=0.9, Fantasy=0.9, Romance=0.9, Mystery=0.9)
    words = [word for phrase in keywords for word in phrase.split()]
    assert len(words) == len(set(words))


def test_each_says_why(prediction):
    answer = codes_for(prediction(Fiction=0.9, Romance=0.95), BLURB).as_json()
    why = {keyword["phrase"]: keyword["why"] for keyword in answer["keywords"]}
    assert why["love story"] == "95% Romance"
    assert why["exiled prince"] == "the blurb says so"


def test_a_percentage_claims_no_certainty(prediction):
    answer = codes_for(prediction(Fiction=0.9, Romance=0.999), BLURB).as_json()
    assert "over 99% Romance" in {keyword["why"] for keyword in answer["keywords"]}


def test_a_past_tense_ends_no_phrase(prediction):
    text = "She keeps her head down, where the tide left them and the lamp maker kept her secret."
    assert "tide left" not in found(prediction, text, Fiction=0.9)


def test_the_tables_speak_of_labels_of_the_vocabulary():
    for shelf in shelves():
        assert set(shelf.labels) <= vocabulary().keys()
        assert 2 <= len(shelf.phrase.split()) <= 4
    assert by_label().keys() <= vocabulary().keys()
    for told in by_label().values():
        assert all(2 <= len(phrase.split()) <= 4 for phrase in told)


def test_what_tells_of_a_reader_or_says_a_label_is_no_phrase():
    assert plain("enemies-to-lovers") == "enemies to lovers"
    assert plain("Paranormal (Dark Angels)") == "dark angels"
    for name in ("to-read", "read-in-2014", "books-i-own", "science-fiction", "fantasy-sci-fi"):
        assert plain(name) == ""


def test_the_stage_writes_names_and_counts_only(tmp_path, capsys):
    books, out = tmp_path / "books.jsonl", tmp_path / "keywords.csv"
    rows = [
        {
            "title": f"Tale {n}",
            "author": f"Writer {chr(65 + n % 24) * 3}",
            "description": "A secret text.",
            "genres": ["Romance"] if n % 4 == 0 else ["Horror"],
            "shelves": {"small-town": 3, "to-read": 9} if n % 4 == 0 else {},
            "split": "train" if n < 60 else "test",
        }
        for n in range(80)
    ]
    books.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    assert main(["keywords", "--books", str(books), "--out", str(out)]) == 0
    with out.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["phrase", "books", "labels"],
            ["small town", "15", "Romance"],
        ]
    assert "1 phrases" in capsys.readouterr().out
    assert phrases([]) == []

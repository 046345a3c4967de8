"""
Invented names and sentences in the shape of legal prose, from a seeded random source.

Common words of the trade follow a steep curve and invented ones a long tail, so that a search finds words that stand in
a third of all entries, in a few, and in one. Nothing here is copied from a record, and no name is meant for anybody.
"""

from itertools import accumulate
from random import Random


def _apart(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_SYLLABLES = _apart(
    "ba be bo bra bri da del do dra el fa fen fer ga gal go gra ha hel hol in jor ka kel ko la lan le lin lo ma "
    "mar mel mo na nel no or pa pel por ra ren ri ro sa sel sil so sta ta tel tol tri ul va ven vi vor wa wel win "
    "wo ya zel zo"
)
_ENDINGS = _apart("by de den der ford gate ham land ley man mere more ner rick row sen son stead ston ton well worth")
_FIRST_NAMES = _apart(
    "Ada Alma Amos Anton Bela Carl Clara Cora Dario Dina Edgar Elena Elias Emil Ester Felix Flora Gil Greta Hana "
    "Hugo Ida Igor Ines Jana Jonas Judit Karin Kaspar Lena Leo Livia Luca Mara Marek Mina Nadia Niko Nora Olga "
    "Omar Paula Petra Rafael Rita Rosa Sami Sara Selma Simon Tamar Theo Tilda Tomas Vera Viktor Wanda Yara Zeno "
    "Zoe"
)
_COMPANY_ENDS = (
    "Company",
    "Holdings",
    "Partners",
    "Works",
    "Insurance",
    "Bank",
    "Farms",
    "Shipping",
    "Press",
    "Foundation",
)
_OFFICES = ("Department of", "Board of", "Commission on", "Office of", "Agency for")
_SUBJECTS = (
    "Labour", "Harbours", "Water", "Education", "Housing", "Mines", "Customs", "Migration", "Health", "Land", "Roads",
    "Trade", "Forests", "Energy", "Fisheries",
)  # fmt: skip
# Steepest first: "motion" and "order" stand in a large part of all entries, as on a real docket.
_MATTERS = _apart(
    "motion order complaint judgment appeal brief hearing response injunction discovery evidence contract damages "
    "notice dismissal jurisdiction statute settlement licence permit testimony deposition subpoena schedule "
    "extension counsel class fees bond record transcript exhibit affidavit stipulation sanctions privilege "
    "removal remand standing mootness estoppel warranty negligence trespass nuisance patent copyright pension "
    "wages eviction easement custody parole asylum detention deportation tariff franchise merger trust probate "
    "salvage quarantine zoning voting districting"
)
_QUALITIES = _apart(
    "amended preliminary joint unopposed renewed supplemental partial emergency consolidated proposed revised "
    "sealed final interim untimely alternative narrow second third corrected"
)
_ACTS = (
    "asks the court to hear", "opposes", "replies on", "supports", "moves to strike", "gives notice of",
    "seeks more time for", "objects to", "answers", "joins", "withdraws", "puts before the court",
)  # fmt: skip
_DECISIONS = (
    "grants", "denies", "sets a hearing on", "takes under advisement", "narrows", "enters", "adopts", "refuses",
    "continues", "consolidates", "hears argument on", "orders a response to",
)  # fmt: skip
_REASONS = (
    "because the time to answer has run", "for want of a showing of harm", "after argument by both sides",
    "on the papers and without a hearing", "subject to the terms of the earlier order", "as to the second claim only",
    "without prejudice to a later filing", "over the objection of the other side", "until the appeal is decided",
    "within fourteen days", "on conditions that the parties are to agree", "with reasons to follow",
    "on the ground that the claim is not ripe", "since the record is not complete",
)  # fmt: skip
_HOLDINGS = (
    "A claim of this kind needs a showing of harm that is more than possible.",
    "The time to appeal runs from the entry of the judgment.",
    "The agency must give its reasons before it withdraws a licence.",
    "A court may narrow its own order while an appeal from it is pending.",
    "Notice by post alone does not satisfy the statute.",
    "The party that asks for secrecy must say why a redaction would not do.",
    "An order to facilitate asks for steps, not for a result.",
    "A remand leaves open what the mandate does not decide.",
)


def _curve(count: int, *, flatness: float, power: float = 1.0) -> list[float]:
    """Cumulative weights of `count` things of which the first are the most frequent."""
    return list(accumulate(1.0 / (place + flatness) ** power for place in range(count)))


class Words:
    """Makes names and sentences; the same source gives the same ones in the same order."""

    def __init__(self, source: Random, *, names: int = 20_000) -> None:
        self._random = source
        invented: dict[str, None] = {}
        while len(invented) < names:
            middle = "".join(source.choices(_SYLLABLES, k=source.randint(1, 2)))
            invented[(middle + source.choice(_ENDINGS)).capitalize()] = None
        self._names = list(invented)
        self._name_curve = _curve(names, flatness=200.0)
        self._matter_curve = _curve(len(_MATTERS), flatness=4.0)

    def surname(self) -> str:
        return self._random.choices(self._names, cum_weights=self._name_curve)[0]

    def person(self) -> str:
        return f"{self._random.choice(_FIRST_NAMES)} {self.surname()}"

    def company(self) -> str:
        return f"{self.surname()} {self._random.choice(_COMPANY_ENDS)}"

    def agency(self) -> str:
        return f"{self._random.choice(_OFFICES)} {self._random.choice(_SUBJECTS)}"

    def matter(self) -> str:
        """What a paper or a decision is about: "preliminary injunction"."""
        noun = self._random.choices(_MATTERS, cum_weights=self._matter_curve)[0]
        return f"{self._random.choice(_QUALITIES)} {noun}" if self._random.random() < 0.4 else noun

    def filing_title(self) -> str:
        return f"{self.matter().capitalize()} of {self.surname()} on the {self.matter()}"

    def ruling_title(self) -> str:
        return f"Order on the {self.matter()} of {self.surname()}"

    def hearing_title(self) -> str:
        return f"Hearing on the {self.matter()}"

    def event_title(self) -> str:
        return f"{self.surname()} speaks about the {self.matter()}"

    def filing(self) -> str:
        """One sentence about what a side did."""
        return f"{self.surname()} {self._random.choice(_ACTS)} the {self.matter()} {self._random.choice(_REASONS)}."

    def decision(self) -> str:
        """One sentence about what a court did."""
        what = f"{self._random.choice(_DECISIONS)} the {self.matter()} of {self.surname()}"
        return f"The court {what} {self._random.choice(_REASONS)}."

    def holding(self) -> str:
        return self._random.choice(_HOLDINGS)

    def summary(self, *, ruling: bool = False) -> str:
        """One to four sentences; now and then emphasis, a quoted word or a second paragraph, as editors write."""
        sentences = [
            self.decision() if ruling or self._random.random() < 0.3 else self.filing()
            for _ in range(self._random.choices((1, 2, 3, 4), (50, 30, 15, 5))[0])
        ]
        chance = self._random.random()
        if chance < 0.10:
            sentences.append(f'The paper speaks of "{self.matter()}" and of *{self.matter()}*.')
        text = " ".join(sentences)
        return f"{text}\n\n{self.filing()}" if chance > 0.95 else text

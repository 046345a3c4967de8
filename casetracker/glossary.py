"""
The legal terms that the pages use, each explained in our own words.

Data, in English; `glossary()` is the same in the language of the reader, and the catalogue of translations takes its
texts from here. A page finds the term behind a phrase with `find()`; the key of a term is its place on the glossary
page and stays the same, since readers link to it.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext, gettext_noop

from .language import per_language


@dataclass(frozen=True, slots=True)
class Term:
    """
    One term. `also` are other names for it, which readers see; `forms` are other words under which a page shows it.

    An `everyday` term is known to most readers and stands on every other line: where many entries stand together it is
    left unmarked, for a mark on every line is none.
    """

    key: str
    name: str
    explanation: str
    also: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    everyday: bool = False

    @property
    def phrases(self) -> tuple[str, ...]:
        """All the words under which it is known."""
        return self.name, *self.also, *self.forms

    @property
    def texts(self) -> tuple[str, ...]:
        """All that there is to translate."""
        return *self.phrases, self.explanation

    def in_language(self) -> "Term":
        """The same in the language of the reader."""
        return replace(
            self,
            name=gettext(self.name),
            explanation=gettext(self.explanation),
            also=tuple(map(gettext, self.also)),
            forms=tuple(map(gettext, self.forms)),
        )


# In the order of the alphabet, as a test checks.
TERMS: tuple[Term, ...] = (
    Term(
        "administrative-stay",
        "Administrative stay",
        "A short stay that keeps things as they are while a court considers whether to order a longer one. It says "
        "nothing about who is likely to win.",
        related=("stay",),
    ),
    Term(
        "affirm",
        "Affirm",
        "To review a ruling and leave it as it is. The reasons of the reviewing court may differ from those of the "
        "court below.",
        forms=("affirms", "affirmed"),
        related=("reverse", "vacate", "leave-in-place"),
    ),
    Term(
        "amend",
        "Amend",
        "To change the text of a ruling. From then on the ruling is read in its changed form.",
        forms=("amends", "amended"),
        related=("modify", "clarify", "supersede"),
    ),
    Term(
        "amicus-curiae",
        "Amicus curiae",
        "Somebody who is not a party to a case but gives the court information or arguments on it, usually in a brief. "
        "Latin for friend of the court; several are amici.",
        also=("amicus", "friend of the court"),
        forms=("amici curiae", "amici"),
        related=("intervenor",),
    ),
    Term(
        "appeal",
        "Appeal",
        "A request to a higher court to review what a lower court has decided.",
        related=("appellant", "appellee", "certiorari", "interlocutory-appeal", "leapfrog-appeal"),
    ),
    Term(
        "appellant",
        "Appellant",
        "The party that appeals: the one that asks a higher court to review a decision.",
        related=("appellee", "appeal"),
    ),
    Term(
        "appellee",
        "Appellee",
        "The party on the other side of an appeal, usually the one that won below. Some courts say respondent.",
        related=("appellant", "respondent"),
    ),
    Term(
        "applicant",
        "Applicant",
        "Whoever makes an application to a court, for example for a stay.",
        related=("application", "respondent"),
    ),
    Term(
        "application",
        "Application",
        "A request to a court, or to one of its judges, for an order. In the Supreme Court of the United States most "
        "applications ask for something urgent, such as a stay, while a case goes on elsewhere.",
        related=("applicant", "stay"),
    ),
    Term(
        "arraignment",
        "Arraignment",
        "The hearing in a criminal case at which the charges are read to the defendant, who answers guilty or not "
        "guilty.",
        related=("indictment",),
    ),
    Term(
        "bond",
        "Bond",
        "Money or another security that is promised to a court. It may secure that a person who is set free comes "
        "back, or, with an injunction, pay for the harm done should the injunction prove wrong.",
        also=("bail",),
        related=("injunction",),
    ),
    Term(
        "carry-out",
        "Carry out",
        "To give effect to the decision of a higher court, usually after the case has been sent back.",
        forms=("carries out", "carried out"),
        related=("mandate", "remand"),
    ),
    Term(
        "certification",
        "Certification",
        "The formal act by which one court puts a question to another or lets a case go there. A court may certify a "
        "question of law on which it needs an answer before it can decide.",
        forms=("certified question", "certificate"),
        related=("leapfrog-appeal", "reference"),
    ),
    Term(
        "certiorari",
        "Certiorari",
        "The order by which a higher court takes a case up for review where it is free to choose. To deny it leaves "
        "the decision below in place and says nothing about whether it was right.",
        also=("cert.", "writ of certiorari"),
        related=("appeal", "petitioner", "writ"),
    ),
    Term(
        "claimant",
        "Claimant",
        "The party that brings a claim. The courts of England and Wales use the word since 1999; before, and in the "
        "United States, it is plaintiff.",
        related=("plaintiff",),
    ),
    Term(
        "clarify",
        "Clarify",
        "To say what a ruling means without changing it. Whether an act clarifies or changes is sometimes in dispute; "
        "here the word is used where the court itself speaks of clarifying.",
        forms=("clarifies", "clarified"),
        related=("amend", "modify"),
    ),
    Term(
        "concurrence",
        "Concurrence",
        "The opinion of a judge who agrees with the result and gives reasons apart from those of the court.",
        forms=("concurring", "concurring in the judgment", "concurring opinion"),
        related=("dissent", "opinion"),
    ),
    Term(
        "consolidation",
        "Consolidation",
        "The joining of several cases so that they are heard, and often decided, together. Each may keep its own "
        "number.",
        forms=("consolidated",),
    ),
    Term(
        "contempt",
        "Contempt of court",
        "Disobedience to an order of a court, or disturbance of its work. A court can punish it, or press for "
        "obedience with fines or arrest.",
        forms=("contempt",),
        related=("order",),
    ),
    Term(
        "decree",
        "Decree",
        "A judgment that says what is to be done. In the United States the word comes from the courts of equity; in "
        "Scotland it is the usual word for a judgment.",
        related=("judgment", "injunction"),
    ),
    Term(
        "defendant",
        "Defendant",
        "The party against which a civil or criminal case is brought.",
        related=("plaintiff", "respondent"),
    ),
    Term(
        "deny",
        "Deny",
        "To refuse what was asked. What the refusal leaves in force is another matter.",
        forms=("denied", "denies"),
        related=("grant", "grant-in-part", "leave-in-place"),
        everyday=True,
    ),
    Term(
        "discovery",
        "Discovery",
        "The stage of a case in which the parties must answer each other’s questions under oath and hand over "
        "documents. Expedited discovery has shorter time limits than the rules give.",
        forms=("expedited discovery",),
    ),
    Term(
        "dismissal",
        "Dismissal",
        "The end of a case, a claim or an appeal without a ruling for the side that brought it. It may leave room to "
        "bring the claim again (without prejudice) or not (with prejudice).",
        forms=("dismissed", "dismisses"),
        related=("moot", "withdrawal"),
    ),
    Term(
        "dissent",
        "Dissent",
        "The opinion, or the vote, of a judge who disagrees with the result that the court reached.",
        forms=("dissenting", "dissenting opinion"),
        related=("concurrence", "opinion"),
    ),
    Term(
        "dissolve",
        "Dissolve",
        "To end an injunction, a stay or a similar order for the future. It does not say that the order was wrong when "
        "it was made.",
        forms=("dissolves", "dissolved"),
        related=("vacate", "injunction"),
    ),
    Term(
        "docket",
        "Docket",
        "A court’s list of everything filed and decided in one case, in order; also the case before that court. "
        "Its number is the docket number.",
        forms=("docket number",),
        related=("ecf",),
    ),
    Term(
        "ecf",
        "ECF",
        "Short for Electronic Case Filing, the system of the federal courts of the United States. “ECF 21” is "
        "the document that stands as number 21 on a docket.",
        also=("ECF No.",),
        related=("docket",),
    ),
    Term(
        "effective-date",
        "Effective date",
        "The day from which a ruling says that it holds. It may lie after the day of the ruling, or before it (nunc "
        "pro tunc); here an earlier one is noted and does not rewrite what held until then.",
        forms=("with effect from",),
        related=("nunc-pro-tunc",),
    ),
    Term(
        "en-banc",
        "En banc",
        "By all judges of a court of appeals, or a large bench of them, and not by the usual panel of three.",
        also=("in banc",),
        related=("appeal",),
    ),
    Term(
        "end",
        "End",
        "Of a stay or another order for a time: to bring it to its end. What it had stopped goes on.",
        forms=("ends", "ended"),
        related=("stay", "dissolve"),
    ),
    Term(
        "grant",
        "Grant",
        "To give what was asked.",
        forms=("granted", "grants"),
        related=("deny", "grant-in-part"),
        everyday=True,
    ),
    Term(
        "grant-in-part",
        "Grant in part and deny in part",
        "To give some of what was asked and refuse the rest. Which is which is told in the summary and, where the "
        "ruling has several provisions, beside each of them.",
        forms=("granted in part and denied in part", "granted in part, denied in part", "granted in part"),
        related=("provision", "grant", "deny"),
    ),
    Term(
        "habeas-corpus",
        "Habeas corpus",
        "A case that asks a court to examine whether somebody is lawfully detained, and to order release if not.",
        also=("writ of habeas corpus",),
        related=("writ", "petitioner"),
    ),
    Term(
        "holding",
        "Holding",
        "The answer of a court to the question of law that it had to decide; the part of a decision that binds in "
        "later cases.",
        forms=("held", "holds"),
        related=("opinion",),
    ),
    Term(
        "indictment",
        "Indictment",
        "The formal charge of a crime, in the federal courts of the United States by a grand jury. It starts the trial "
        "stage and proves nothing.",
        related=("arraignment", "prosecution"),
    ),
    Term(
        "injunction",
        "Injunction",
        "An order to do something or to leave it undone. It may be preliminary, while a case goes on, or permanent, at "
        "its end.",
        forms=("permanent injunction",),
        related=("preliminary-injunction", "temporary-restraining-order", "stay"),
    ),
    Term(
        "interested-party",
        "Interested party",
        "Somebody who is not a party to the dispute itself and is named because its outcome touches them.",
        related=("intervenor", "amicus-curiae"),
    ),
    Term(
        "interlocutory-appeal",
        "Interlocutory appeal",
        "An appeal while the case below is still going on, for example against a preliminary injunction.",
        related=("appeal", "preliminary-injunction"),
    ),
    Term(
        "intervenor",
        "Intervenor",
        "Somebody who was not sued or suing and joins a case as a party because it touches their own rights.",
        also=("intervener",),
        related=("amicus-curiae",),
    ),
    Term(
        "judgment",
        "Judgment",
        "The decision of a court that settles a case or an appeal. In England and Wales the word also means the "
        "reasons.",
        related=("opinion", "order", "decree"),
        everyday=True,
    ),
    Term(
        "jurisdiction",
        "Jurisdiction",
        "The power of a court to decide a matter. A court without it dismisses the case or sends it elsewhere, whoever "
        "may be right.",
        related=("dismissal", "removal-of-a-case"),
    ),
    Term(
        "leapfrog-appeal",
        "Leapfrog appeal",
        "An appeal that goes from the first court straight to the highest and leaves out the court between.",
        forms=("leapfrog",),
        related=("appeal", "certification"),
    ),
    Term(
        "leave-in-place",
        "Leave in place",
        "To refuse to disturb a ruling, for example by denying a stay. The ruling stays in force, and the court has "
        "not said that it was right.",
        forms=("leaves in place", "left in place"),
        related=("affirm", "deny"),
    ),
    Term(
        "mandamus",
        "Mandamus",
        "An order of a higher court to a lower court or an official to do what the law plainly requires. Rare, and "
        "only where an appeal would not help.",
        also=("writ of mandamus",),
        related=("writ",),
    ),
    Term(
        "mandate",
        "Mandate",
        "The formal notice with which a court of appeals sends its decision down. With it the lower court may act "
        "again, and must do as was decided.",
        related=("remand", "carry-out"),
    ),
    Term(
        "memorandum-opinion",
        "Memorandum opinion",
        "A court’s reasons in short form, or apart from the order that they explain.",
        forms=("memorandum",),
        related=("opinion", "order"),
    ),
    Term(
        "modify",
        "Modify",
        "To change what a ruling requires, in part, and leave the rest as it was.",
        forms=("modifies", "modified"),
        related=("amend", "clarify"),
    ),
    Term(
        "moot",
        "Moot",
        "No longer in need of a decision, because events have settled the question or there is nothing left to order.",
        forms=("mootness",),
        related=("dismissal",),
    ),
    Term(
        "motion",
        "Motion",
        "A request of a party to the court for an order. The other side may oppose it, the first may reply, and the "
        "court rules.",
        related=("application", "order"),
    ),
    Term(
        "movant",
        "Movant",
        "Whoever makes a motion.",
        related=("motion",),
    ),
    Term(
        "nunc-pro-tunc",
        "Nunc pro tunc",
        "Latin for now as if then: a ruling that is to count as made on an earlier day. Here a ruling stands on the "
        "day on which it was given, and the earlier day is noted.",
        related=("effective-date",),
    ),
    Term(
        "opinion",
        "Opinion",
        "The reasons that a court, or one of its judges, gives for a decision.",
        related=("judgment", "concurrence", "dissent", "per-curiam"),
        everyday=True,
    ),
    Term(
        "order",
        "Order",
        "A decision by which a court directs that something is done, allowed or refused. Many orders deal with one "
        "step of a case only.",
        related=("judgment", "injunction"),
        everyday=True,
    ),
    Term(
        "per-curiam",
        "Per curiam",
        "By the court: an opinion in the name of the whole court, with no author named. An order may likewise be "
        "unsigned. That nobody noted a dissent does not mean that nobody disagreed.",
        also=("unsigned",),
        forms=("per curiam or unsigned",),
        related=("opinion",),
    ),
    Term(
        "petitioner",
        "Petitioner",
        "Whoever asks a court to act by a petition, for example for certiorari or habeas corpus.",
        related=("respondent", "certiorari", "habeas-corpus"),
    ),
    Term(
        "plaintiff",
        "Plaintiff",
        "The party that starts a civil case.",
        related=("defendant", "claimant"),
    ),
    Term(
        "preliminary-injunction",
        "Preliminary injunction",
        "An injunction that holds while a case goes on. The court looks at who is likely to win and at the harm to "
        "each side, and decides nothing finally.",
        related=("injunction", "temporary-restraining-order", "bond"),
    ),
    Term(
        "prosecution",
        "Prosecution",
        "The side that brings a criminal charge, usually a government; also the case itself.",
        related=("defendant", "indictment"),
    ),
    Term(
        "provision",
        "Provision",
        "One operative part of a ruling: a thing that it orders, allows or sets. Later rulings may touch one and leave "
        "the others.",
        forms=("provisions", "its parts"),
        related=("order", "grant-in-part"),
    ),
    Term(
        "reclaiming-motion",
        "Reclaiming motion",
        "In Scotland, an appeal within the Court of Session from a single judge to a bench of its Inner House. Whoever "
        "brings it is the reclaimer.",
        forms=("reclaimer",),
        related=("appeal",),
    ),
    Term(
        "reference",
        "Reference",
        "The sending of a question, or of a whole matter, to another court for its decision or answer.",
        related=("certification",),
    ),
    Term(
        "related-proceeding",
        "Related proceeding",
        "Another proceeding of the same dispute, neither of which came from the other by appeal or transfer.",
        related=("docket",),
    ),
    Term(
        "remand",
        "Remand",
        "To send a case back to the court or agency from which it came, usually with directions for what is to be done "
        "there.",
        forms=("remands", "remanded"),
        related=("vacate", "reverse", "mandate"),
    ),
    Term(
        "removal-of-a-case",
        "Removal of a case",
        "In the United States, the moving of a case from a state court to a federal one, at the wish of a defendant.",
        forms=("removal", "removed to federal court"),
        related=("jurisdiction", "remand", "removal-of-a-person"),
    ),
    Term(
        "removal-of-a-person",
        "Removal of a person",
        "In the law of the United States, the sending of somebody who is not a citizen out of the country, by order of "
        "an immigration judge or in some cases without one.",
        also=("deportation",),
        related=("withholding-of-removal", "removal-of-a-case"),
    ),
    Term(
        "respondent",
        "Respondent",
        "The party that answers a petition, an application or an appeal. In a court of immigration, the person whose "
        "removal is in question.",
        related=("petitioner", "applicant", "appellee"),
    ),
    Term(
        "reverse",
        "Reverse",
        "To decide on review that a ruling was wrong and put the opposite in its place.",
        forms=("reverses", "reversed"),
        related=("vacate", "affirm", "remand"),
    ),
    Term(
        "scriveners-error",
        "Scrivener’s error",
        "A slip in writing, such as a wrong date, that changes nothing of what the court meant. A court may put it "
        "right without deciding anew.",
        also=("clerical error",),
        related=("amend", "nunc-pro-tunc"),
    ),
    Term(
        "stay",
        "Stay",
        "An order that stops a ruling, or a whole proceeding, from taking effect for a time. The ruling is still there "
        "and may take effect again.",
        forms=("stays", "stayed", "stay pending appeal"),
        related=("administrative-stay", "injunction", "end"),
    ),
    Term(
        "supersede",
        "Supersede",
        "To take the place of an earlier ruling, so that the later alone counts.",
        forms=("supersedes", "superseded"),
        related=("amend", "vacate"),
    ),
    Term(
        "temporary-restraining-order",
        "Temporary restraining order",
        "An urgent order that keeps things as they are for days or weeks, sometimes made before the other side has "
        "been heard.",
        also=("TRO",),
        related=("preliminary-injunction", "injunction"),
    ),
    Term(
        "term",
        "Term",
        "The working year of a court. The Supreme Court of the United States names each after the October in which it "
        "begins, and for long gave a case a new number in every Term.",
        related=("docket",),
    ),
    Term(
        "transfer",
        "Transfer",
        "The moving of a case to another court, for example because it should have been brought there.",
        related=("consolidation", "removal-of-a-case"),
    ),
    Term(
        "under-seal",
        "Under seal",
        "Filed so that only the court and those whom it allows may read it. A court may unseal it later, or open a "
        "version with parts blacked out.",
        also=("sealed",),
        forms=("filed under seal",),
        related=("docket",),
    ),
    Term(
        "vacate",
        "Vacate",
        "To set a ruling aside, so that it has no force any more. Unlike a reversal it need not say that the opposite "
        "is right.",
        also=("set aside",),
        forms=("vacates", "vacated", "vacatur"),
        related=("reverse", "remand", "dissolve"),
    ),
    Term(
        "warrant",
        "Warrant",
        "An order of a court or a magistrate that allows officers to arrest somebody, to search, or to seize "
        "something.",
        related=("order",),
    ),
    Term(
        "where-it-stands",
        "Where it stands",
        "Which parts of a ruling have force on a day. It is computed here from what later acts did to the ruling. The "
        "legal word standing is another thing: the right to bring a case at all.",
        also=("standing",),
        related=("provision", "stay", "vacate"),
    ),
    Term(
        "withdrawal",
        "Withdrawal",
        "The taking back of a request by whoever made it, so that the court need not answer.",
        forms=("withdrawn",),
        related=("dismissal", "moot"),
    ),
    Term(
        "withholding-of-removal",
        "Withholding of removal",
        "In the law of the United States, a protection against being removed to one country where a person would be "
        "in danger. It does not bar removal to another country.",
        related=("removal-of-a-person",),
    ),
    Term(
        "writ",
        "Writ",
        "A formal written order of a court, of one of the kinds that go back to the courts of England.",
        related=("certiorari", "habeas-corpus", "mandamus"),
    ),
)

BY_KEY: dict[str, Term] = {term.key: term for term in TERMS}
# What a label may add to a term: "vacated in part", "Appeal to".
_ADDED = (gettext_noop("%(label)s in part"), gettext_noop("%(label)s to"), gettext_noop("%(label)s from"))


@dataclass(frozen=True, slots=True)
class Glossary:
    """The terms in one language, in the order of its alphabet."""

    terms: tuple[Term, ...]
    by_key: Mapping[str, Term]
    by_phrase: Mapping[str, Term]
    added: tuple[tuple[str, str], ...]

    def find(self, phrase: str) -> Term | None:
        """
        The term that a label speaks of, whatever its capitals: "Vacated in part", "stays", "Appeal to"; else nothing.
        """
        words = phrase.strip().lower()
        found = self.by_phrase.get(words)
        for before, after in self.added:
            if found is None and words.startswith(before) and words.endswith(after):
                found = self.by_phrase.get(words.removeprefix(before).removesuffix(after))
        return found


@per_language
def glossary() -> Glossary:
    """The glossary in the language of the reader."""
    terms = tuple(sorted((term.in_language() for term in TERMS), key=lambda term: sort_key(term.name)))
    return Glossary(
        terms=terms,
        by_key={term.key: term for term in terms},
        by_phrase={phrase.lower(): term for term in terms for phrase in term.phrases},
        added=tuple(_around(gettext(pattern)) for pattern in _ADDED),
    )


def _around(pattern: str) -> tuple[str, str]:
    before, _, after = pattern.lower().partition("%(label)s")
    return before, after


def sort_key(text: str) -> str:
    """By which a text is placed in the alphabet: small letters without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign))


def find(phrase: str) -> Term | None:
    """The term of the reader's language that a label speaks of; see `Glossary.find`."""
    return glossary().find(phrase)

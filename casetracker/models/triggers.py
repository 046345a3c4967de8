"""
Rules that hold for every way of writing, raw SQL and bulk included, because the database itself keeps them.

Where a rule spans several rows its trigger is deferred to the end of the transaction, so that one save may change both
sides. The models' `clean()` says the same in a form, beside the field.
"""

import pgtrigger

def count_version(*generated: str) -> pgtrigger.Trigger:
    """
    Count every change of a row in its `version`, and stamp `updated_at`. `generated` names the generated columns: a
    trigger that runs before the change cannot see them.
    """
    return pgtrigger.Trigger(
        name="count_version",
        operation=pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.AnyChange(exclude=list(generated)),
        func="NEW.version = OLD.version + 1; NEW.updated_at = now(); RETURN NEW;",
    )



# What readers have seen is withdrawn or withheld, so that its address goes on answering; it is never deleted.
KEEP_WHAT_WAS_PUBLIC = pgtrigger.Trigger(
    name="keep_what_was_public",
    operation=pgtrigger.Delete,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__first_public_at__isnull=False),
    func="""
        RAISE EXCEPTION 'What has been published is withdrawn, not deleted: % %', TG_TABLE_NAME, OLD.id
            USING ERRCODE = 'restrict_violation';
    """,
)

REMEMBER_OLD_SLUG = pgtrigger.Trigger(
    name="remember_old_slug",
    operation=pgtrigger.UpdateOf("slug"),
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__slug__df=pgtrigger.F("new__slug")),
    func="""
        IF EXISTS (SELECT 1 FROM casetracker_formerslug f WHERE f.slug = NEW.slug AND f.case_id <> NEW.id) THEN
            RAISE EXCEPTION 'The address % belongs to another case for ever', NEW.slug
                USING ERRCODE = 'unique_violation';
        END IF;
        DELETE FROM casetracker_formerslug f WHERE f.slug = NEW.slug AND f.case_id = NEW.id;
        INSERT INTO casetracker_formerslug (slug, case_id) VALUES (OLD.slug, NEW.id) ON CONFLICT (slug) DO NOTHING;
        RETURN NEW;
    """,
)


def only_of_rulings(column: str) -> pgtrigger.Trigger:
    """Refuse a row whose `column` points at an entry that is not a ruling."""
    return pgtrigger.Trigger(
        name=f"{column}_is_a_ruling",
        operation=pgtrigger.Insert | pgtrigger.UpdateOf(f"{column}_id"),
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=f"""
            IF NEW.{column}_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM casetracker_event e WHERE e.id = NEW.{column}_id AND e.kind = 'ruling' FOR SHARE
            ) THEN
                RAISE EXCEPTION 'Entry % is not a ruling', NEW.{column}_id USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,
    )


# The other side of `only_of_rulings`: a ruling on which such rows hang stays one.
STAYS_A_RULING = pgtrigger.Trigger(
    name="stays_a_ruling",
    operation=pgtrigger.UpdateOf("kind"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    condition=pgtrigger.Q(old__kind="ruling") & ~pgtrigger.Q(new__kind="ruling"),
    func="""
        IF EXISTS (SELECT 1 FROM casetracker_event e WHERE e.id = NEW.id AND e.kind <> 'ruling') AND (
            EXISTS (SELECT 1 FROM casetracker_provision r WHERE r.ruling_id = NEW.id)
            OR EXISTS (SELECT 1 FROM casetracker_rulingjudge r WHERE r.ruling_id = NEW.id)
            OR EXISTS (SELECT 1 FROM casetracker_rulingcitation r WHERE r.ruling_id = NEW.id)
            OR EXISTS (SELECT 1 FROM casetracker_treatment r WHERE r.target_id = NEW.id)
        ) THEN
            RAISE EXCEPTION 'Entry % has judges, citations, provisions or treatments and stays a ruling', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)

PROVISION_OF_TARGET = pgtrigger.Trigger(
    name="provision_of_target",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("provision_id", "target_id"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF NEW.provision_id IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM casetracker_provision p WHERE p.id = NEW.provision_id AND p.ruling_id = NEW.target_id FOR SHARE
        ) THEN
            RAISE EXCEPTION 'Provision % is no part of ruling %', NEW.provision_id, NEW.target_id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)

# A provision on which treatments hang keeps its ruling.
PROVISION_STAYS = pgtrigger.Trigger(
    name="provision_stays",
    operation=pgtrigger.UpdateOf("ruling_id"),
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
            SELECT 1 FROM casetracker_treatment t JOIN casetracker_provision p ON p.id = t.provision_id
            WHERE p.id = NEW.id AND t.target_id IS DISTINCT FROM p.ruling_id
        ) THEN
            RAISE EXCEPTION 'Provision % has treatments and stays with its ruling', NEW.id
                USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    """,
)

_MISPLACED = """
    SELECT 1 FROM casetracker_docketentry d
    JOIN casetracker_event e ON e.id = d.event_id
    JOIN casetracker_proceeding p ON p.id = d.proceeding_id
    WHERE {which} AND (e.case_id <> p.case_id OR e.court_id IS DISTINCT FROM p.court_id)
"""


def docket_agrees(which: str, *columns: str, insert: bool = False) -> pgtrigger.Trigger:
    """Refuse a docket entry whose event is of another case or court than its proceeding. `which` picks the rows."""
    operation = pgtrigger.UpdateOf(*columns)
    return pgtrigger.Trigger(
        name="docket_agrees",
        operation=pgtrigger.Insert | operation if insert else operation,
        when=pgtrigger.After,
        timing=pgtrigger.Deferred,
        func=f"""
            IF EXISTS ({_MISPLACED.format(which=which)}) THEN
                RAISE EXCEPTION 'An entry stands on the docket of another court or case'
                    USING ERRCODE = 'check_violation';
            END IF;
            RETURN NULL;
        """,
    )

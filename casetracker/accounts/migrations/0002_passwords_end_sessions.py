"""Sessions end with the password, and with the account: whoever changes it, `changepassword` and raw SQL included."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION accounts_end_sessions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM accounts_session WHERE user_id = NEW.id;
    RETURN NULL;
END;
$$;
CREATE TRIGGER accounts_end_sessions
    AFTER UPDATE OF password, is_active ON auth_user
    FOR EACH ROW
    WHEN (NEW.password IS DISTINCT FROM OLD.password OR NOT NEW.is_active)
    EXECUTE FUNCTION accounts_end_sessions();
"""
BACKWARDS = """
DROP TRIGGER accounts_end_sessions ON auth_user;
DROP FUNCTION accounts_end_sessions();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]

"""Translation of every sentence that a student reads."""

import gettext
import os
from pathlib import Path

LOCALE_FOLDER = Path(__file__).parent / "locale"


def _language():
    """The language of the course: `LABS_LANGUAGE`, for example `ko`; English without it."""
    return os.environ.get("LABS_LANGUAGE", "en")


_translation = gettext.translation("labs", LOCALE_FOLDER, languages=[_language()], fallback=True)
_ = _translation.gettext
ngettext = _translation.ngettext

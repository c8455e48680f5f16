"""Every test reads English, whatever the locale of the machine, unless it asks for another language."""

import os

os.environ["DIMCOMPAT_LANG"] = "en"

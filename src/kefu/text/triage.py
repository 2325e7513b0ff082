import re
from dataclasses import dataclass
@dataclass(frozen=True)
class Signals:
    distress: bool=False
    fraud: bool=False
    takeover: bool=False
def signals(text): return Signals(takeover=bool(re.search(r"(?i)被盗|hacked",text)))

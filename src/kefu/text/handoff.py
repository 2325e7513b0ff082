import re
def wants_human(text): return bool(re.search(r"(?i)转人工|人工客服|talk to a (human|person)|human agent|оператор|agente humano|temsilci|nhân viên",text))

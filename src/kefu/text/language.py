import re
def detect(text, among):
    zh=re.search(r"[\u4e00-\u9fff]",text)
    for a in among:
        if zh and a.startswith("zh"): return a
    return "en" if "en" in among and not zh else among[0]

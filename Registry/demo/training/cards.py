"""Fills the measured figures into the model cards."""
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parent / "cards"


def _percent(share: float) -> str:
    return f"{100 * share:.2f} %"


def write_cards(out: Path, facts: dict, batch: int) -> None:
    versions, steps = facts["versions"], facts["steps"]
    size = {name: v["bytes"] for name, v in versions.items()}
    words = {
        "@TRAINING@": f"{steps['train'] * batch:,}",
        "@ADAPT@": f"{steps['adapt'] * batch:,}",
        "@ADAPT_STEPS@": f"{steps['adapt']:,}",
        "@V2_RATIO@": f"{100 * size['v2'] / size['v1']:.0f} %",
        "@V3_RATIO@": f"{100 * size['v3'] / size['v1']:.0f} %",
        "@V3_DISC@": _percent(facts["discordant"]["v1/v3"]["week47"]),
    }
    for name in ("v1", "v3"):
        words[f"@{name.upper()}_WEEK@"] = _percent(versions[name]["exactMatch"]["week47"])
        words[f"@{name.upper()}_GOLD@"] = _percent(versions[name]["exactMatch"]["golden"])
    for name in versions:
        text = (TEMPLATES / f"{name}.md").read_text()
        for word, value in words.items():
            text = text.replace(word, value)
        (out / name / "card.md").write_text(text)

#!/usr/bin/env python3
"""Makes everything under Registry/demo that is data: three model files, the traffic set, the suite, facts.json.

    make_demo.py [--out DIR] [--checkpoints DIR] [--steps N] [--adapt-steps N]

With --checkpoints, trained parameters found there are used again and new ones are kept there.
"""
import argparse
import hashlib
import json
import platform
import random
from pathlib import Path

import jax
import numpy as np

import evaluate
import grammar
import tokenizer as bpe
import train
import versions
from cards import write_cards
from gguf_writer import llama_metadata, write
from model import Config

SEEDS = {"week47": 4701, "golden": 3001, "tokenizer": 11, "model": 17, "adapt": 29}
SIZES = {"week47": 2000, "golden": 300, "tokenizer": 6000}
BATCH = 32
DAMAGED = tuple(f"blk.0.{part}.weight" for part in ("attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"))
MANTISSA_BITS = 0
FILE_TYPE = {"v1": 7, "v2": 2, "v3": 2}     # GGUF's numbers for "mostly Q8_0" and "mostly Q4_0"


def held_out() -> dict[str, list[grammar.Ticket]]:
    week47 = grammar.tickets(SEEDS["week47"], SIZES["week47"])
    golden = grammar.tickets(SEEDS["golden"], SIZES["golden"], {t.text for t in week47})
    return {"week47": week47, "golden": golden}


def write_cases(path: Path, prefix: str, tickets: list[grammar.Ticket]) -> None:
    digits = len(str(len(tickets)))
    lines = (json.dumps({"id": f"{prefix}-{n:0{digits}d}", "variables": {"ticket": t.text}, "expected": t.answer,
                         "tags": {"locale": t.locale, "intent": t.intent}}, ensure_ascii=False, separators=(",", ":"))
             for n, t in enumerate(tickets, 1))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def overlap(sets: dict[str, list[grammar.Ticket]], avoid: set[str], steps: int) -> dict:
    """How new the held-out tickets are to a model that saw `steps` batches."""
    zeroed = str.maketrans("123456789", "000000000")
    rng = random.Random(SEEDS["model"] + 1)
    texts = [grammar.ticket(rng).text for _ in range(steps * BATCH)]
    shapes = {t.translate(zeroed) for t in texts}
    return {
        "trainingTickets": len(texts),
        "trainingTicketsSkippedBecauseHeldOut": sum(t in avoid for t in texts),
        "sameTextButForDigits": {name: round(sum(t.text.translate(zeroed) in shapes for t in s) / len(s), 4)
                                 for name, s in sets.items()},
    }


def stage(directory: Path | None, name: str, make) -> dict[str, np.ndarray]:
    file = directory and directory / f"{name}.npz"
    if file and file.exists():
        print(f"{name}: from {file}")
        return dict(np.load(file))
    params = {k: np.asarray(v) for k, v in make().items()}
    if file:
        directory.mkdir(parents=True, exist_ok=True)
        np.savez(file, **params)
    return params


def measure(config, tok, weights, sets) -> tuple[dict, dict[str, np.ndarray]]:
    right = {name: evaluate.exact(config, weights, tok, s) for name, s in sets.items()}
    facts = {"exactMatch": {name: round(float(r.mean()), 4) for name, r in right.items()}}
    wrong = [t for t, ok in zip(sets["week47"], right["week47"]) if not ok]
    given = evaluate.answers(config, weights, tok, wrong)
    facts["validJSON"] = {"week47": round(1 - sum(not evaluate.valid_json(a) for a in given) / len(sets["week47"]), 4)}
    facts["wrongExamples"] = [{"ticket": t.text, "expected": t.answer, "given": a} for t, a in zip(wrong[:5], given)]
    return facts, right


def main() -> None:
    here = Path(__file__).resolve().parent
    ap = argparse.ArgumentParser()
    ap.add_argument("--out", type=Path, default=here.parent)
    ap.add_argument("--checkpoints", type=Path)
    ap.add_argument("--steps", type=int, default=4000)
    ap.add_argument("--adapt-steps", type=int, default=300)
    args = ap.parse_args()

    sets = held_out()
    avoid = {t.text for s in sets.values() for t in s}
    write_cases(args.out / "traffic/week47.jsonl", "w47", sets["week47"])
    write_cases(args.out / "suites/golden.jsonl", "golden", sets["golden"])
    tok = bpe.train(t.prompt + t.answer for t in grammar.tickets(SEEDS["tokenizer"], SIZES["tokenizer"], avoid))
    tok.save(args.out / "tokenizer.json")

    config = Config()
    trained = stage(args.checkpoints, "trained", lambda: train.fit(
        config, tok, avoid, SEEDS["model"], args.steps, BATCH))
    eight, four = versions.kinds(config, "Q8_0", "Q8_0"), versions.kinds(config, "Q4_0", "Q4_0")
    mixed = versions.kinds(config, "Q4_0", "Q8_0")
    teacher = versions.rounded(trained, eight)
    adapted = stage(args.checkpoints, "adapted", lambda: versions.adapt(
        config, trained, teacher, mixed, tok, avoid, SEEDS["adapt"], args.adapt_steps, BATCH))
    made = {
        "v1": (teacher, versions.packed(trained, eight)),
        "v2": versions.damaged(trained, four, DAMAGED, MANTISSA_BITS),
        "v3": (versions.rounded(adapted, mixed), versions.packed(adapted, mixed)),
    }

    facts = {"parameters": config.parameters(), "seeds": SEEDS,
             "steps": {"train": args.steps, "adapt": args.adapt_steps}, "overlap": overlap(sets, avoid, args.steps),
             "versions": {}}
    right = {}
    for name, (weights, tensors) in made.items():
        path = args.out / name / "model.gguf"
        general = {"name": f"ticket-bot {name}", "license": "apache-2.0", "file_type": FILE_TYPE[name],
                   "quantization_version": 2, "size_label": f"{config.parameters() / 1e6:.1f}M",
                   "languages": ["en", "de"]}
        write(path, llama_metadata(config, tok, general), tensors)
        figures, right[name] = measure(config, tok, weights, sets)
        raw = path.read_bytes()
        facts["versions"][name] = {"bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), **figures}
        print(name, json.dumps({k: v for k, v in facts["versions"][name].items() if k != "wrongExamples"}))
    facts["discordant"] = {f"v1/{other}": {s: round(float((right["v1"][s] != right[other][s]).mean()), 4) for s in sets}
                           for other in ("v2", "v3")}
    facts["files"] = {f: hashlib.sha256((args.out / f).read_bytes()).hexdigest()
                      for f in ("traffic/week47.jsonl", "suites/golden.jsonl", "tokenizer.json")}
    facts["madeWith"] = {"python": platform.python_version(), "jax": jax.__version__, "numpy": np.__version__,
                         "machine": platform.machine()}
    write_cards(args.out, facts, BATCH)
    (args.out / "facts.json").write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    print(json.dumps(facts["discordant"]), json.dumps(facts["overlap"]))


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Holds dialogues of two to four turns through the openai client: dialogues.py BASE_URL KEY MODEL [COUNT].

Every second one names its conversation; the others send their whole history and nothing else, as frameworks do that keep the
history themselves, streamed, with a temperature and texts in parts. What is captured of them becomes the traffic of a canary.
"""
import random
import sys

import openai

base, key, model = sys.argv[1:4]
count = int(sys.argv[4]) if len(sys.argv) > 4 else 60
client = openai.OpenAI(base_url=base, api_key=key, max_retries=0, timeout=60)
draw = random.Random(7)
asks = [
    "Where is my parcel? Order {}.", "I want my money back for order {}, it arrived broken!",
    "Please cancel order {}.", "Order {} came twice. What now?", "Can I change the address of order {}?",
]
turns = named = 0
for number in range(count):
    messages, is_named = [], number % 2 == 0
    for turn in range(draw.randint(2, 4)):
        text = draw.choice(asks).format(draw.randint(10_000, 99_999))
        if is_named:
            messages.append({"role": "user", "content": text})
            answer = client.chat.completions.create(
                model=model, messages=messages, metadata={"conversation": f"talk-{number}"}
            )
            said = answer.choices[0].message.content
        else:
            messages.append({"role": "user", "content": [{"type": "text", "text": text}]})
            chunks = client.chat.completions.create(model=model, messages=messages, temperature=0.2, seed=number, stream=True)
            said = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        messages.append({"role": "assistant", "content": said})
        turns += 1
    named += is_named
print(f"{count} dialogues, {turns} turns, {named} of them named")

#!/usr/bin/env python3
"""Holds conversations with a running server through the openai client: conversations.py BASE_URL KEY MODEL.

Each check prints a line; the exit status is 1 when one fails. What the client types as an error, it must get as one.
"""
import asyncio
import json
import sys
import urllib.error
import urllib.request

import openai

base, key, model = sys.argv[1:4]
client = openai.OpenAI(base_url=base, api_key=key, max_retries=0, timeout=30)
ticket = [{"role": "user", "content": "Where is my parcel? Order 48213. Thanks!"}]
checks = []


def check(function):
    checks.append(function)
    return function


def fails(kind, **arguments):
    """What the client raises, which must be `kind`."""
    try:
        client.chat.completions.create(**{"model": model, "messages": ticket, **arguments})
    except kind as error:
        assert error.response.headers["x-should-retry"] == "false", dict(error.response.headers)
        assert error.request_id, "no x-request-id"
        assert isinstance(error.body, dict) and error.body["message"], error.body
        return error
    raise AssertionError(f"no {kind.__name__}")


@check
def whole_answer():
    raw = client.chat.completions.with_raw_response.create(model=model, messages=ticket, seed=1)
    answer = raw.parse()
    assert json.loads(answer.choices[0].message.content)["order"] == "48213", answer
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens
    assert answer.model == raw.headers["x-serin-release"] == answer.serin["release"]
    assert raw.headers["x-serin-version"] == answer.serin["version"]
    assert raw.headers["x-serin-prompt"] == answer.serin["prompt"]
    assert answer._request_id == answer.serin["request"] and answer.id == f"chatcmpl-{answer._request_id}"


@check
def streamed_answer_is_the_same():
    whole = client.chat.completions.create(model=model, messages=ticket, seed=1).choices[0].message.content
    chunks = list(
        client.chat.completions.create(
            model=model, messages=ticket, seed=1, stream=True, stream_options={"include_usage": True}
        )
    )
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == whole
    assert len({c.model for c in chunks}) == 1 and len({c.id for c in chunks}) == 1
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"
    assert chunks[-1].choices == [] and chunks[-1].usage.completion_tokens > 0


@check
def streaming_helper():
    with client.chat.completions.stream(model=model, messages=ticket) as stream:
        kinds = {event.type for event in stream}
        assert "content.delta" in kinds and "content.done" in kinds, kinds
        assert stream.get_final_completion().choices[0].message.role == "assistant"


@check
def conversation_goes_on():
    messages = list(ticket)
    for text in ["And order 55501?", "Thanks."]:
        answer = client.chat.completions.create(model=model, messages=messages, max_completion_tokens=24)
        messages.append({"role": "assistant", "content": answer.choices[0].message.content})
        messages.append({"role": "user", "content": text})
    stream = client.chat.completions.create(model=model, messages=messages, max_completion_tokens=24, stream=True)
    assert sum(bool(c.choices) for c in stream) > 2


@check
def variables_hold_no_template():
    named = client.chat.completions.create(
        model=model,
        messages=[],
        extra_body={"messages": None, "prompt": "triage", "variables": {"ticket": ticket[0]["content"]}},
    )
    same = client.chat.completions.create(model=model, messages=ticket)
    assert named.choices[0].message.content == same.choices[0].message.content


@check
def several_choices_and_probabilities():
    answer = client.chat.completions.create(
        model=model, messages=ticket, n=3, temperature=1, seed=7, logprobs=True, top_logprobs=2
    )
    again = client.chat.completions.create(model=model, messages=ticket, n=3, temperature=1, seed=7)
    assert [c.index for c in answer.choices] == [0, 1, 2]
    assert [c.message.content for c in answer.choices] == [c.message.content for c in again.choices]
    for choice in answer.choices:
        tokens = choice.logprobs.content
        assert b"".join(bytes(t.bytes) for t in tokens).decode() == choice.message.content
        assert all(t.logprob <= 0 and len(t.top_logprobs) == 2 for t in tokens)


@check
def references_are_models():
    release = client.chat.completions.create(model=model, messages=ticket).model
    pinned = client.chat.completions.create(model=release, messages=ticket)
    assert pinned.model == release and pinned.serin["arm"] == "pinned" and pinned.serin["channel"] is None
    assert model in [m.id for m in client.models.list()] and client.models.retrieve(model).owned_by == "serin"


@check
def errors_have_their_types():
    assert fails(openai.NotFoundError, model="no-such-model").code == "model_not_found"
    assert fails(openai.NotFoundError, model=f"{model}@r999").code == "model_not_found"
    long = [{"role": "user", "content": "word " * 200_000}]
    assert fails(openai.BadRequestError, messages=long).code == "context_length_exceeded"
    assert fails(openai.BadRequestError, temperature=-1).param == "temperature"
    assert fails(openai.BadRequestError, extra_body={"temperature": 1e9}).param == "temperature"
    assert fails(openai.BadRequestError, extra_body={"n": "many"}).param == "n"
    assert fails(openai.BadRequestError, tool_choice="required", tools=[]).code == "unsupported_parameter"
    for wrong in ["sk-wrong", "x" * 600]:
        try:
            client.with_options(api_key=wrong).models.list()
            raise AssertionError("a wrong key was taken")
        except openai.AuthenticationError as error:
            assert error.code == "invalid_api_key", error
    try:
        client.with_options(timeout=30).chat.completions.create(
            model=model, messages=ticket, temperature=2, n=8, extra_headers={"x-serin-deadline-ms": "1"}
        )
        raise AssertionError("no deadline")
    except openai.APIStatusError as error:
        assert error.status_code == 504 and error.code == "timeout", error


@check
def a_body_of_100_megabytes_is_refused():
    body = iter([b'{"model": "x", "messages": ['] + [b" " * 1_000_000] * 100)
    request = urllib.request.Request(
        f"{base}/chat/completions",
        data=body,
        headers={"Authorization": f"Bearer {key}", "Content-Type": "application/json", "Content-Length": "100000028"},
        method="POST",
    )
    try:
        urllib.request.urlopen(request, timeout=30)
        raise AssertionError("it was taken")
    except urllib.error.HTTPError as error:
        assert error.code == 413 and json.load(error)["error"]["code"] == "request_too_large"
    except urllib.error.URLError as error:
        # The server may close before the client is done sending; then there is nobody to read the answer.
        assert "roken" in str(error) or "reset" in str(error), error


@check
def many_streams_at_once():
    async def one(session, number):
        release, text = set(), ""
        async for chunk in await session.chat.completions.create(
            model=model, messages=ticket, stream=True, user=f"user-{number}"
        ):
            release.add(chunk.model)
            text += chunk.choices[0].delta.content or ""
        return release, text

    async def all_of_them():
        async with openai.AsyncOpenAI(base_url=base, api_key=key, max_retries=0, timeout=60) as session:
            return await asyncio.gather(*[one(session, number) for number in range(100)])

    answers = asyncio.run(all_of_them())
    assert all(len(release) == 1 and text for release, text in answers)
    assert len({text for _, text in answers}) == 1, "the same request was answered in two ways"


failed = 0
for function in checks:
    try:
        function()
        print(f"ok    {function.__name__.replace('_', ' ')}", flush=True)
    except Exception as error:
        failed += 1
        print(f"FAIL  {function.__name__.replace('_', ' ')}: {type(error).__name__}: {error}", flush=True)
print(f"openai {openai.__version__}: {len(checks)} checks, {failed} failed")
sys.exit(1 if failed else 0)

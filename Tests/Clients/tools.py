#!/usr/bin/env python3
"""Offers tools through the openai client to a model whose template lists them: tools.py BASE_URL KEY MODEL WITHOUT.

WITHOUT is a model whose prompt has no place for tools. Each check prints a line; the exit status is 1 when one fails.
"""
import sys

import openai

base, key, model, without = sys.argv[1:5]
client = openai.OpenAI(base_url=base, api_key=key, max_retries=0, timeout=60)
question = [{"role": "user", "content": "What is the weather in Bern?"}]
weather = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "Weather of a city",
        "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
    },
}
checks = []


def check(function):
    checks.append(function)
    return function


def ask(**arguments):
    settings = {"model": model, "messages": question, "temperature": 0, "seed": 1, "max_tokens": 24}
    return client.chat.completions.create(**{**settings, **arguments})


@check
def tools_are_shown_to_the_model():
    plain = ask().usage.prompt_tokens
    one, two = ask(tools=[weather]).usage.prompt_tokens, ask(tools=[weather, weather]).usage.prompt_tokens
    assert plain < one < two, (plain, one, two)
    assert two - one >= one - plain - 10, (plain, one, two)
    assert ask(tools=[weather], tool_choice="none").usage.prompt_tokens == plain
    assert ask(tools=[weather], tool_choice="auto").usage.prompt_tokens == one


@check
def a_model_may_answer_without_them():
    choice = ask(tools=[weather]).choices[0]
    assert choice.message.role == "assistant" and choice.message.tool_calls is None, choice
    assert choice.finish_reason in ("stop", "length"), choice.finish_reason


@check
def a_round_with_a_tool_goes_back_through_the_template():
    call = {"name": "get_weather", "arguments": '{"city":"Bern"}'}
    calls = [{"id": "call_1", "type": "function", "function": call}]
    asked = question + [{"role": "assistant", "content": None, "tool_calls": calls}]
    answered = asked + [{"role": "tool", "tool_call_id": "call_1", "content": "rain"}]
    answer = ask(messages=answered, tools=[weather])
    assert answer.choices[0].message.role == "assistant", answer
    longer = answered[:-1] + [{**answered[-1], "content": "rain, and snow above 1,200 metres"}]
    assert ask(messages=longer, tools=[weather]).usage.prompt_tokens > answer.usage.prompt_tokens


@check
def streams_say_the_same():
    whole = ask(tools=[weather]).choices[0]
    text, finish = "", None
    for chunk in ask(tools=[weather], stream=True):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            finish = choice.finish_reason or finish
            assert not choice.delta.tool_calls, choice
    assert (text, finish) == (whole.message.content, whole.finish_reason), (text, finish)


@check
def forced_tools_are_refused_by_name():
    for choice in ["required", {"type": "function", "function": {"name": "get_weather"}}]:
        try:
            ask(tools=[weather], tool_choice=choice)
            raise AssertionError(f"{choice} was taken")
        except openai.BadRequestError as error:
            assert error.code == "unsupported_parameter" and error.param == "tool_choice", error


@check
def tools_that_are_none_are_refused():
    for tools in [[{}], [{"type": "function"}], [{"type": "function", "function": {"name": 5}}]]:
        try:
            ask(tools=tools)
            raise AssertionError(f"{tools} were taken")
        except openai.BadRequestError as error:
            assert error.param and error.param.startswith("tools"), error


@check
def a_prompt_without_a_place_for_tools_leaves_them_out():
    ticket = [{"role": "user", "content": "Where is my parcel? Order 48213. Thanks!"}]
    plain = ask(model=without, messages=ticket).usage.prompt_tokens
    assert ask(model=without, messages=ticket, tools=[weather]).usage.prompt_tokens == plain


failed = 0
for function in checks:
    try:
        function()
        print(f"ok    {function.__name__.replace('_', ' ')}", flush=True)
    except Exception as error:
        failed += 1
        print(f"FAIL  {function.__name__.replace('_', ' ')}: {type(error).__name__}: {error}", flush=True)
print(f"openai {openai.__version__}, tools: {len(checks)} checks, {failed} failed")
sys.exit(1 if failed else 0)

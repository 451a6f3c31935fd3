"""Every sentence a student reads can be translated."""

import build_messages

from labs.checking import catalog


def test_template_is_current():
    assert build_messages.TEMPLATE.read_bytes() == build_messages.template()


def test_template_holds_hints_mistakes_and_options():
    text = build_messages.template().decode()
    entry = text.replace('"\n"', "").replace('\\"', '"')
    exercise, quiz = catalog.find("conv_output_size"), catalog.find("why_stride")
    for sentence in [*exercise.hints, *(one.message for one in exercise.mistakes), quiz.question]:
        assert sentence in entry
    assert "Is a `return` missing" in entry

"""Finding and reading submissions: whatever is sent in, it is read or gets a sentence that says what to do."""

import base64
import io
import json
import zipfile

import nbformat
import pytest
from nbformat import v4

from autograder.submission import PNG_SIGNATURE, Unreadable, read


def notebook(*cells, **metadata):
    made = v4.new_notebook(cells=list(cells), metadata=metadata)
    return nbformat.writes(made)


def code(source, **keywords):
    return v4.new_code_cell(source, **keywords)


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def zipped(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def cells_of(path):
    with read(path, "newton_gd") as submission:
        return submission.cells


def refusal(path):
    with pytest.raises(Unreadable) as caught, read(path, "newton_gd"):
        pass
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text and "Traceback" not in text
    return text


ONE = notebook(v4.new_markdown_cell("# Title"), code("a = 1"), code("b = 2"))


def test_a_notebook(tmp_path):
    assert cells_of(write(tmp_path / "x.ipynb", ONE)) == ("a = 1", "b = 2")


def test_a_script(tmp_path):
    assert cells_of(write(tmp_path / "x.py", "# %% [markdown]\n# Hello\n\n# %%\na = 1\n\n# %%\nb = 2\n")) == (
        "a = 1",
        "b = 2",
    )
    assert cells_of(write(tmp_path / "y.py", "a = 1\n")) == ("a = 1",)


def test_a_zip_with_folders_and_macos_metadata(tmp_path):
    files = {
        "hw/newton.ipynb": ONE,
        "__MACOSX/hw/._newton.ipynb": b"\0\1",
        "hw/.ipynb_checkpoints/newton-checkpoint.ipynb": ONE,
        "hw/._other.ipynb": b"\0",
        "hw/data.txt": "7",
    }
    with read(zipped(tmp_path / "x.zip", files), "newton_gd") as submission:
        assert submission.cells == ("a = 1", "b = 2")
        assert (submission.files / "data.txt").read_text() == "7"  # beside the notebook, as it was for the student
        assert submission.name == "x"


def test_a_folder_with_the_kits_own_files(tmp_path):
    write(tmp_path / "sub" / "answer.py", "a = 1")
    write(tmp_path / "sub" / "tests" / "gradient.py", "")
    write(tmp_path / "sub" / "shared" / "__init__.py", "")
    assert cells_of(tmp_path / "sub") == ("a = 1",)


def test_links_in_a_folder_stay_behind(tmp_path):
    secret = write(tmp_path / "secret.txt", "s")
    write(tmp_path / "sub" / "x.ipynb", ONE)
    (tmp_path / "sub" / "link.txt").symlink_to(secret)
    (tmp_path / "sub" / "up").symlink_to(tmp_path)
    with read(tmp_path / "sub", "newton_gd") as submission:
        assert sorted(path.name for path in submission.files.iterdir()) == ["x.ipynb"]


def test_an_old_notebook_is_upgraded(tmp_path):
    old = {
        "metadata": {"name": "old"},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [
            {
                "metadata": {},
                "cells": [{"cell_type": "code", "input": ["a = 1\n", "b = 2"], "outputs": [], "language": "python"}],
            }
        ],
    }
    assert cells_of(write(tmp_path / "x.ipynb", json.dumps(old))) == ("a = 1\nb = 2",)


def test_one_of_two_is_taken_when_it_has_the_assignments_name(tmp_path):
    write(tmp_path / "sub" / "newton_gd.ipynb", ONE)
    write(tmp_path / "sub" / "scratch.ipynb", ONE)
    with read(tmp_path / "sub", "newton_gd") as submission:
        assert submission.notes == ("Of 2 .ipynb files, newton_gd.ipynb was graded.",)


def test_no_notebook(tmp_path):
    (tmp_path / "sub").mkdir()
    write(tmp_path / "sub" / "essay.txt", "hello")
    assert refusal(tmp_path / "sub") == "There is no notebook in your submission; submit newton_gd.ipynb."


def test_two_notebooks(tmp_path):
    write(tmp_path / "sub" / "a.ipynb", ONE)
    write(tmp_path / "sub" / "b.ipynb", ONE)
    assert "holds 2 .ipynb files (a.ipynb, b.ipynb); submit one, named newton_gd.ipynb." in refusal(tmp_path / "sub")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\x80\x03\xff\xfe", "no text file"),
        (b"PK not really", "it isn't JSON"),
        (b"a = 1", "it isn't JSON"),
        (b"{}", "can't be read as a notebook"),
        (b"[1, 2]", "can't be read as a notebook"),
        (b"null", "can't be read as a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "can't be read as a notebook"),
        (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [3]}', "can't be read as a notebook"),
        (b'{"nbformat": 99, "nbformat_minor": 5, "metadata": {}, "cells": []}', "can't be read as a notebook"),
        (b"[" * 100_000, "can't be read as a notebook"),
    ],
)
def test_what_is_no_notebook(tmp_path, content, words):
    assert words in refusal(write(tmp_path / "x.ipynb", content))


def test_a_zip_that_is_none(tmp_path):
    assert "can't be unpacked" in refusal(write(tmp_path / "x.zip", b"PK\3\4 nothing"))


@pytest.mark.parametrize("name", ["../evil.py", "/evil.py", "a/../../evil.py", "..\\evil.py", "C:/evil.py"])
def test_a_zip_that_climbs_out(tmp_path, name):
    path = zipped(tmp_path / "x.zip", {"x.ipynb": ONE, name: "boo"})
    assert "outside its folder" in refusal(path)
    assert not (tmp_path / "evil.py").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_damaged_inside(tmp_path, method):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("x.ipynb", ONE * 3)
    content = bytearray(path.read_bytes())
    content[60:90] = b"\xff" * 30
    path.write_bytes(content)
    assert "can't be unpacked" in refusal(path)


def test_a_zip_bomb(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.bin", b"\0" * (60 * 2**20))
    assert "larger than 50 MB" in refusal(path)


def test_links_in_a_zip_stay_behind(tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.ipynb", ONE)
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    with read(path, "newton_gd") as submission:
        assert [file.name for file in submission.files.iterdir()] == ["x.ipynb"]


def test_too_many_files(tmp_path):
    path = zipped(tmp_path / "x.zip", {f"{number}.txt": "" for number in range(1100)})
    assert "more than 1000 files" in refusal(path)


def test_written_answers_are_found_between_their_anchor_and_the_next_question(tmp_path):
    text = notebook(
        v4.new_markdown_cell("## Question 4\nWhy?\n\n<!-- written: why -->"),
        v4.new_markdown_cell("Because of <b>this</b>."),
        v4.new_markdown_cell("## My second thought\nAnd that."),
        code("x = 1"),
        v4.new_markdown_cell("not an answer"),
        v4.new_markdown_cell("<!-- written: how -->\n## How?"),
        v4.new_markdown_cell("_Type your answer here, replacing this text._"),
        v4.new_markdown_cell("## Part 3 · The next"),
    )
    with read(write(tmp_path / "x.ipynb", text), "newton_gd") as submission:
        assert submission.written == {"why": "Because of <b>this</b>.\n\n## My second thought\nAnd that.", "how": ""}


def test_only_real_pictures_are_kept(tmp_path):
    import matplotlib.figure

    buffer = io.BytesIO()
    matplotlib.figure.Figure(figsize=(1, 1)).savefig(buffer)
    outputs = [
        v4.new_output("display_data", {"image/png": base64.b64encode(buffer.getvalue()).decode()}),
        v4.new_output("display_data", {"image/png": base64.b64encode(b"<script>").decode()}),
        v4.new_output("display_data", {"image/png": "no base64 at all!"}),
        v4.new_output("display_data", {"text/html": "<script>"}),
    ]
    with read(write(tmp_path / "x.ipynb", notebook(code("1", outputs=outputs))), "newton_gd") as submission:
        assert len(submission.figures) == 1 and submission.figures[0].startswith(PNG_SIGNATURE)

"""examples/upload.py: the same file on both interpreters, asked by curl."""


def test_a_file_is_sent_by_the_form_of_the_page_and_shown_on_it(serve_example, curl, here):
    serve_example("upload")
    page = curl("/")[1]
    assert 'enctype="multipart/form-data"' in page and 'action="/upload"' in page and "<li>" not in page
    sent = here / "<b>.bin"
    sent.write_bytes(b"\r\n" * 100_000)
    answer = curl("/upload", "--form", f"file=@{sent}", "--form", "note=größe")[1]
    assert answer == "<b>.bin: 200000 bytes\nnote: größe\n"
    assert (here / "uploads" / "<b>.bin").read_bytes() == sent.read_bytes()
    assert "<li>&lt;b>.bin" in curl("/")[1]

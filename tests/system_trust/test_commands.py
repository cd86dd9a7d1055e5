"""Systems that are not this one: what they are told, word by word, and what comes of an answer that is no."""

import pytest

from microhttps_host.system_trust.place import Done
from microhttps_host.system_trust.trusting import look, trust, untrust

DEBIAN = ("usr/local/share/ca-certificates", "etc/ssl/certs/ca-certificates.crt", "update-ca-certificates")
FEDORA = ("etc/pki/ca-trust/source/anchors", "etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", "update-ca-trust")
SUSE = ("etc/pki/trust/anchors", "var/lib/ca-certificates/ca-bundle.pem", "update-ca-certificates")
ARCH = ("etc/ca-certificates/trust-source", "etc/ca-certificates/extracted/tls-ca-bundle.pem", "trust")


def a_system(noted, layout, bundling=True):
    """A Linux of this layout, whose program makes a bundle of what is in the folder as the real one does."""
    folder, bundle, program = layout
    machine = noted("Linux", program)
    folder, bundle = machine.root / folder, machine.root / bundle
    folder.mkdir(parents=True)
    bundle.parent.mkdir(parents=True)

    def make_bundle(command):
        bundle.write_bytes(b"".join(path.read_bytes() for path in sorted(folder.glob("*.crt"))))
        return Done(0, "")

    if bundling:
        machine.answers[program] = make_bundle
    return machine, folder, bundle


def states_of(outcomes):
    return [(outcome.store.whose, outcome.state) for outcome in outcomes]


@pytest.mark.parametrize(("layout", "whose", "again"), [
    (DEBIAN, "Debian, Ubuntu", " --fresh"), (FEDORA, "Fedora, Red Hat", ""), (SUSE, "openSUSE", "")])
def test_a_folder_of_authorities(noted, vault, anchor, layout, whose, again):
    machine, folder, _ = a_system(noted, layout)
    (folder / "other.crt").write_text("somebody else's\n")
    assert states_of(trust(vault, machine.place)) == [(whose, "trusted")]
    assert (folder / f"{anchor.name}.crt").read_bytes() == anchor.pem
    assert states_of(trust(vault, machine.place)) == [(whose, "trusted already")]
    assert states_of(look(vault, machine.place)) == [(whose, "trusted")]
    assert states_of(untrust(vault, machine.place)) == [(whose, "no longer trusted")]
    assert states_of(untrust(vault, machine.place)) == [(whose, "was not there")]
    assert [path.name for path in folder.iterdir()] == ["other.crt"]
    assert machine.commands == [layout[2], layout[2] + again]


def test_java_is_told_what_debian_does_not_tell_it(noted, vault, anchor):
    machine, _, bundle = a_system(noted, DEBIAN)
    hook = machine.root / "etc/ca-certificates/update.d/jks-keystore"
    hook.parent.mkdir(parents=True)
    hook.touch()
    trust(vault, machine.place)
    untrust(vault, machine.place)
    assert machine.commands == ["update-ca-certificates", "update-ca-certificates --fresh",
                                f"{hook} < -{bundle.parent}/{anchor.name}.pem"]


def test_a_folder_whose_program_fails_is_as_it_was(noted, vault):
    machine, folder, _ = a_system(noted, DEBIAN)
    machine.answers = {"update-ca-certificates": Done(1, "rehash: \x1b[31mno room\n")}
    (outcome,) = trust(vault, machine.place)
    assert (outcome.state, outcome.why) == ("failed", "update-ca-certificates: rehash: [31mno room")
    assert list(folder.iterdir()) == []
    assert states_of(untrust(vault, machine.place)) == [("Debian, Ubuntu", "was not there")]


def test_a_program_that_does_nothing_is_not_believed(noted, vault):
    machine, folder, _ = a_system(noted, DEBIAN, bundling=False)
    (outcome,) = trust(vault, machine.place)
    assert outcome.state == "failed" and "has not taken it" in outcome.why
    assert list(folder.iterdir()) == []


def test_arch(noted, vault, anchor):
    machine, _, bundle = a_system(noted, ARCH, bundling=False)

    def anchoring(command):
        bundle.write_bytes(anchor.pem if "--store" in command else b"")
        return Done(0, "")

    machine.answers = {"trust": anchoring}
    assert states_of(trust(vault, machine.place)) == [("Arch", "trusted")]
    assert states_of(untrust(vault, machine.place)) == [("Arch", "no longer trusted")]
    assert states_of(untrust(vault, machine.place)) == [("Arch", "was not there")]
    assert machine.commands == [f"trust anchor --store {anchor.file}", f"trust anchor --remove {anchor.file}"]


def test_arch_keeps_what_was_there_before(noted, vault, anchor):
    machine, _, bundle = a_system(noted, ARCH, bundling=False)
    bundle.write_bytes(anchor.pem)
    assert states_of(trust(vault, machine.place)) == [("Arch", "trusted already")]
    assert states_of(untrust(vault, machine.place)) == [("Arch", "put there by somebody else")]
    assert machine.commands == []


def test_macos(noted, vault, anchor):
    machine = noted("Darwin", "security")
    keychain = machine.root / "home/Library/Keychains/login.keychain-db"
    verify = f"security verify-cert -q -l -L -p ssl -c {anchor.file}"
    machine.answers = {"security verify-cert": Done(1, "")}
    assert states_of(trust(vault, machine.place)) == [("macOS", "trusted")]
    machine.answers = {}
    assert states_of(untrust(vault, machine.place)) == [("macOS", "no longer trusted")]
    assert machine.commands == [
        verify, f"security add-trusted-cert -r trustRoot -p ssl -k {keychain} {anchor.file}",
        verify, f"security remove-trusted-cert {anchor.file}",
        f"security delete-certificate -Z {anchor.sha1.upper()} {keychain}",
    ]


def test_macos_whose_user_says_no(noted, vault):
    machine = noted("Darwin", "security")
    machine.answers = {"security verify-cert": Done(1, ""), "security add": Done(1, "SecTrustSettings: canceled\n")}
    (outcome,) = trust(vault, machine.place)
    assert (outcome.state, outcome.is_done) == ("failed", False)
    assert outcome.why == "security add-trusted-cert: SecTrustSettings: canceled"
    assert states_of(untrust(vault, machine.place)) == [("macOS", "was not there")]


@pytest.mark.parametrize("system", ["Windows", "Linux"])
def test_windows_and_the_windows_around_wsl(noted, vault, anchor, system):
    machine = noted(system, "certutil.exe", "wslpath")
    outside = "C:\\ca.crt" if system == "Linux" else str(anchor.file)
    machine.answers = {"certutil.exe -user -store": Done(1, ""), "wslpath": Done(0, outside + "\n")}
    assert states_of(trust(vault, machine.place)) == [("Windows", "trusted")]
    machine.answers = {}
    assert states_of(untrust(vault, machine.place)) == [("Windows", "no longer trusted")]
    look_up, paths = f"certutil.exe -user -store Root {anchor.sha1}", [f"wslpath -w {anchor.file}"]
    assert machine.commands == [
        look_up, *paths * (system == "Linux"), f"certutil.exe -user -addstore Root {outside}",
        look_up, f"certutil.exe -user -delstore Root {anchor.sha1}",
    ]


@pytest.mark.parametrize(("installer", "command"), [
    ("apt-get", "sudo apt install libnss3-tools"), ("dnf", "sudo dnf install nss-tools"),
    ("pacman", "sudo pacman -S nss"), ("brew", "brew install nss")])
def test_browsers_without_certutil_are_told_what_brings_it(noted, vault, installer, command):
    machine = noted("Linux", "chromium", installer)
    (outcome,) = trust(vault, machine.place)
    assert (outcome.store.whose, outcome.state, outcome.command) == ("Chromium, Chrome", "needs a tool", command)


def test_a_machine_without_stores_has_none(noted, vault):
    machine = noted("Linux")
    assert trust(vault, machine.place) == untrust(vault, machine.place) == []
